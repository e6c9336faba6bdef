"""Values that are given on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from layers.runtime.input_schema import MOST_TOLD, violations
from translator.compiler import Compilation
from translator.json_value import JsonValue


def json_of(given: str) -> Any:
    """JSON, or `@FILE` with JSON; raises click's error."""
    text = given
    if given.startswith("@"):
        try:
            text = Path(given[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f'the input file "{given[1:]}" cannot be read: {error}') from error
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise click.UsageError(f"the input is not JSON: {error}") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def assignment(text: str) -> tuple[str, JsonValue]:
    """`NAME=VALUE`, whose value is JSON or else a text; raises click's error."""
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f'"{text}" is not NAME=VALUE')
    try:
        parsed: JsonValue = json.loads(value, parse_constant=_refuse_constant)
    except ValueError:
        return name, value
    return name, parsed


def refuse_unfit(compilation: Compilation, body: JsonValue) -> None:
    """Raises click's error for a body that does not fit `input`, DiagnosticsError for a bad schema."""
    schema = compilation.definition.input
    # What is wrong with the schema itself is told when the machine is asked for.
    _ = compilation.machine
    found = () if schema is None else violations(schema, body)
    if found:
        places = "".join(f"\n  {one['pointer'] or '/'}: {one['message']}" for one in found[:MOST_TOLD])
        raise click.UsageError(f"the input does not fit the workflow's `input`:{places}")
