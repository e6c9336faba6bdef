"""The official JSONata suite, if its folder is named, and what evaluates it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonata2py
import pytest

from translator.expressions.syntax import ExpressionTree, parse_expression

CORPORA: Final = os.environ.get("STEPLOOM_CORPORA")
needs_the_suite: Final = pytest.mark.skipif(
    CORPORA is None, reason="STEPLOOM_CORPORA names no folder with the JSONata suite"
)


@dataclass(frozen=True)
class SuiteCase:
    """One case whose expression is asked of `$document` instead of the input."""

    expression: str
    """As the suite has it."""
    source: str
    tree: ExpressionTree
    document: Any
    bindings: Mapping[str, Any]


def suite() -> Mapping[str, Any]:
    """The suite as it is: `cases` and `datasets`."""
    loaded: Mapping[str, Any] = json.loads(
        (Path(str(CORPORA)) / "conformance" / "jsonata_suite.json").read_text()
    )
    return loaded


def cases() -> Iterator[SuiteCase]:
    """The cases that can be read and have a document."""
    whole = suite()
    for case in whole["cases"]:
        document = whole["datasets"].get(case.get("dataset"), case.get("data"))
        source = f"$document.({case['expr']})"
        tree = parse_expression(source)
        if tree.root is not None and document is not None:
            bindings = {**(case.get("bindings") or {}), "document": document}
            yield SuiteCase(case["expr"], source, tree, document, bindings)


@dataclass(frozen=True)
class Failed:
    """An expression that failed, by JSONata's code."""

    code: str | None


def evaluate(source: str, bindings: Mapping[str, Any]) -> Any:
    """The library's value, or how it failed."""
    try:
        compiled = jsonata2py.compile(source)
        compiled.set_timeout(1000)
        for name, value in bindings.items():
            compiled.assign(name, value)
        return compiled.evaluate({})
    except jsonata2py.JsonataError as error:
        return Failed(getattr(error, "error_code", None))
