"""The outside judges accept random machines too: asl-validator and cfn-lint, each called once for all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from tests.command_line.test_validators import findings_of_cfn_lint
from tests.golden.test_validators import asl_validator
from tests.properties.definitions import generate
from tests.properties.machine import LEVELS, compiled
from tests.properties.share import is_long
from tests.properties.sorts import SORTS

MACHINES: Final = 300 if is_long() else 20
"""300 in the nightly run: cfn-lint takes a minute for them."""
MOST_CHARACTERS: Final = 700_000
"""Of the machines in one template, which may have 1 MB (AWS: CloudFormation quotas)."""


def machines(count: int) -> dict[str, dict[str, Any]]:
    """Of every sort and every level, by name."""
    found: dict[str, dict[str, Any]] = {}
    seed = 0
    while len(found) < count:
        sort, level = list(SORTS)[seed % len(SORTS)], LEVELS[seed % len(LEVELS)]
        compilation = compiled(generate(Random(f"judges {seed}"), SORTS[sort]), level)
        if not any(one.code == "WF310" for one in compilation.diagnostics):
            found[f"Drawn{seed}"] = compilation.machine
        seed += 1
    return found


@pytest.mark.validators
def test_asl_validator_accepts_random_machines(tmp_path: Path) -> None:
    files = []
    for name, machine in machines(MACHINES).items():
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(machine))
    finished = asl_validator(files, tmp_path)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout.count("is valid") == MACHINES


@pytest.mark.slow
def test_cfn_lint_accepts_random_machines(tmp_path: Path) -> None:
    for some in batched(machines(MACHINES)):
        assert findings_of_cfn_lint(some, tmp_path) == []


def batched(every: dict[str, dict[str, Any]]) -> Iterator[dict[str, dict[str, Any]]]:
    """As many machines at a time as one template may hold."""
    some: dict[str, dict[str, Any]] = {}
    characters = 0
    for name, machine in every.items():
        size = len(json.dumps(machine))
        if some and characters + size > MOST_CHARACTERS:
            yield some
            some, characters = {}, 0
        some[name] = machine
        characters += size
    yield some
