"""Who may import whom: the import contracts, and the libraries that the translator may use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = ("functions", "infra", "layers", "steploom", "translator")
TRANSLATOR_LIBRARIES = {"pydantic", "yaml", "jsonata", "jsonata2py", "translator"}


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Top-level names of what is imported, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." if node.level else str(node.module).partition(".")[0], node.lineno)


def imported_inside_functions(tree: ast.AST) -> set[tuple[str, int]]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {found for function in functions for found in imported(function)}


def test_the_translator_uses_only_its_own_libraries(modules: tuple[Path, ...], root: Path) -> None:
    """A node type's `run` may import more, inside the function, so that compiling never needs it."""
    found = []
    for module in (module for module in modules if module.parts[0] == "translator"):
        tree = ast.parse((root / module).read_text())
        lazy = imported_inside_functions(tree) if module.parts[1] == "nodes" else set()
        allowed = sys.stdlib_module_names | TRANSLATOR_LIBRARIES
        found += [
            f"{module}:{line} {name}"
            for name, line in imported(tree)
            if name not in allowed and (name, line) not in lazy
        ]
    assert found == []


def test_imports_are_absolute(modules: tuple[Path, ...], root: Path) -> None:
    relative = [
        str(module) for module in modules if "." in dict(imported(ast.parse((root / module).read_text())))
    ]
    assert relative == []


def test_the_import_contracts_hold(root: Path) -> None:
    if missing := [room for room in ROOMS if not (root / room / "__init__.py").exists()]:
        pytest.skip(f"not there yet: {', '.join(missing)}")
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
