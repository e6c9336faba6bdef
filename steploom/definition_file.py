"""Reads definition files, and finds them in folders."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import click
import yaml

from steploom.screen import print_diagnostics
from translator.compiler import Compilation, compile_text
from translator.diagnostics import DiagnosticsError
from translator.json_value import JsonValue

SUFFIXES: Final = (".yaml", ".yml", ".json")


def read(path: Path) -> str:
    """The text of a definition; raises click's error, which exits with 2, if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise click.UsageError(f'"{path}" cannot be read: {reason}') from error


def compile_file(path: Path) -> Compilation:
    """The compilation of a file; errors come when one of its parts is asked for."""
    return compile_text(read(path), file_name=str(path))


def compile_with(path: Path, variables: Mapping[str, JsonValue]) -> Compilation:
    """The compilation of a file with other first values for some of its variables.

    Raises DiagnosticsError for the file as it stands, click's error for a variable it does not have.
    """
    compilation = compile_file(path)
    known = [variable.name for variable in compilation.definition.variables]
    for name in variables:
        if name not in known:
            has = ", ".join(f'"{one}"' for one in known) or "none"
            raise click.UsageError(f'"{path}" has no variable "{name}": it has {has}')
    if not variables:
        return compilation
    return compile_text(with_variables(read(path), variables), file_name=str(path))


def with_variables(text: str, variables: Mapping[str, JsonValue]) -> str:
    """A definition, as JSON, whose variables begin with other values."""
    document = yaml.safe_load(text)
    for variable in document.get("variables", ()):
        if variable["name"] in variables:
            variable["value"] = variables[variable["name"]]
    return json.dumps(document, ensure_ascii=False, default=str)


def found_in(paths: Iterable[Path]) -> list[Path]:
    """The files that are named, and those of the folders that are, sorted; raises click's error for none."""
    found = [file for path in paths for file in (_files_of(path) if path.is_dir() else [path])]
    if not found:
        raise click.UsageError(f"no definition found: a folder is searched for {', '.join(SUFFIXES)}")
    return found


def _files_of(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES)


def compile_or_report(path: Path) -> Compilation | None:
    """The compilation of a file that compiles; else prints what is wrong with it, whole."""
    try:
        compilation = compile_file(path)
        _ = compilation.asl_text
    except DiagnosticsError as error:
        print_diagnostics(error.diagnostics, path)
        return None
    return compilation
