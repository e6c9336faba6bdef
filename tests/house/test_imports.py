"""Who may import whom: the import contracts, and the libraries that the translator may use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Set
from pathlib import Path

import pytest

ROOMS = ("functions", "infra", "layers", "steploom", "translator")
TRANSLATOR_LIBRARIES = {
    "pydantic",
    "pydantic_core",
    "yaml",
    "jsonata",
    "jsonata2py",
    "jsonschema",
    "referencing",
    "translator",
}
WORK_LIBRARIES = {"requests", "urllib3"}


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """What is imported, as dotted names, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level + (node.module or ""), node.lineno)


def imported_at_once(tree: ast.Module) -> set[tuple[str, int]]:
    """What is imported when the module is, leaving out what functions import when they are called."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return set(imported(tree)) - {found for function in functions for found in imported(function)}


def is_foreign(name: str, more: Set[str] = frozenset()) -> bool:
    """Whether it is a library that the translator does without when it compiles."""
    return name.partition(".")[0] not in sys.stdlib_module_names | TRANSLATOR_LIBRARIES | more


@pytest.fixture(scope="module")
def translator(modules: tuple[Path, ...], root: Path) -> dict[str, ast.Module]:
    """The translator's modules by their dotted names."""
    files = (module for module in modules if module.parts[0] == "translator")
    return {".".join(file.with_suffix("").parts): ast.parse((root / file).read_text()) for file in files}


def test_the_translator_uses_only_its_own_libraries(translator: dict[str, ast.Module]) -> None:
    """What only a node type's `run` needs is imported inside it, or stands in translator/work."""
    found = []
    for module, tree in translator.items():
        names = imported_at_once(tree) if module.startswith("translator.nodes.") else set(imported(tree))
        more = WORK_LIBRARIES if module.startswith("translator.work.") else set()
        found += [f"{module}:{line} imports {name}" for name, line in names if is_foreign(name, more)]
    assert found == []


def test_compiling_loads_nothing_that_only_running_a_node_needs(translator: dict[str, ast.Module]) -> None:
    at_once = {module: {name for name, _ in imported_at_once(tree)} for module, tree in translator.items()}
    needs_more = {module for module, names in at_once.items() if any(is_foreign(name) for name in names)}
    found = {module: names & needs_more for module, names in at_once.items() if names & needs_more}
    assert {module: names for module, names in found.items() if module not in needs_more} == {}


def test_imports_are_absolute(modules: tuple[Path, ...], root: Path) -> None:
    relative = [
        f"{module}:{line}"
        for module in modules
        if module.parts[0] in ROOMS
        for name, line in imported(ast.parse((root / module).read_text()))
        if name.startswith(".")
    ]
    assert relative == []


def test_the_import_contracts_hold(root: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
