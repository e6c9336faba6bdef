"""Compiles a short definition and gives what is said of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from translator.compiler import compile_text
from translator.diagnostics import Diagnostic

Check = Callable[[str], list[Diagnostic]]


@pytest.fixture
def check() -> Check:
    """The findings in a text, after `id: hello`."""

    def found(text: str) -> list[Diagnostic]:
        return list(compile_text(f"id: hello\n{text}", file_name="workflow.yaml").diagnostics)

    return found
