"""Modules and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULE_MEDIAN, MODULE_NINE_OF_TEN, MODULE_LONGEST = 150, 300, 350
FUNCTION_MEDIAN, FUNCTION_NINE_OF_TEN, FUNCTION_LONGEST = 8, 35, 60


def lines_of(module: Path) -> int:
    return len(module.read_text().splitlines())


def functions_of(module: Path) -> Iterator[tuple[str, int]]:
    """Each function's place and its length in lines, docstring included."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def nine_of_ten(lengths: list[int]) -> int:
    return sorted(lengths)[int(len(lengths) * 0.9)]


@pytest.fixture(scope="module")
def module_lengths(modules: tuple[Path, ...], root: Path) -> dict[str, int]:
    return {str(module): lines_of(root / module) for module in modules}


@pytest.fixture(scope="module")
def function_lengths(modules: tuple[Path, ...], root: Path) -> dict[str, int]:
    return {place: length for module in modules for place, length in functions_of(root / module)}


def test_no_module_is_too_long(module_lengths: dict[str, int]) -> None:
    assert {name: length for name, length in module_lengths.items() if length > MODULE_LONGEST} == {}


def test_modules_are_short_as_a_rule(module_lengths: dict[str, int]) -> None:
    lengths = list(module_lengths.values())
    assert statistics.median(lengths) < MODULE_MEDIAN
    assert nine_of_ten(lengths) < MODULE_NINE_OF_TEN


def test_no_function_is_too_long(function_lengths: dict[str, int]) -> None:
    assert {place: length for place, length in function_lengths.items() if length > FUNCTION_LONGEST} == {}


def test_functions_are_short_as_a_rule(function_lengths: dict[str, int]) -> None:
    lengths = list(function_lengths.values())
    assert statistics.median(lengths) <= FUNCTION_MEDIAN
    assert nine_of_ten(lengths) < FUNCTION_NINE_OF_TEN


def test_every_module_begins_with_one_sentence_that_says_what_it_is(
    modules: tuple[Path, ...], root: Path
) -> None:
    def first_line(module: Path) -> str:
        docstring = ast.get_docstring(ast.parse((root / module).read_text())) or ""
        return docstring.partition("\n")[0]

    assert [str(module) for module in modules if not first_line(module).endswith(".")] == []


def test_no_module_is_called_after_nothing(modules: tuple[Path, ...]) -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert [str(module) for module in modules if vague & {module.stem, *module.parent.parts}] == []
