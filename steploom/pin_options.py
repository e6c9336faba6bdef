"""The options that say which nodes have already ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from pydantic import TypeAdapter, ValidationError

from translator.definition.model import Pin

Command = TypeVar("Command", bound=Callable[..., Any])
_PINS: Final = TypeAdapter(dict[str, Pin])
_META: Final = "steploom.pins"


def pin_options(command: Command) -> Command:
    """Adds `--pin`, `--skip` and `--pins` to a command; `pins_of` gives what they say."""
    for name, metavar, takes, words in (
        ("--pins", "FILE", _from_file, 'Nodes that have ended: {"NODE": {"status": …, "output": …}}.'),
        ("--skip", "NODE", _skipped, "A node that is skipped."),
        ("--pin", "NODE=JSON|@FILE", _pinned, "A node that has ended with this output: it does not run."),
    ):
        option = click.option(
            name, metavar=metavar, multiple=True, callback=takes, expose_value=False, help=words
        )
        command = option(command)
    return command


def pins_of(context: click.Context) -> Mapping[str, Pin]:
    """What the options say together."""
    found: dict[str, Pin] = context.meta.get(_META, {})
    return found


def _keep(context: click.Context, pins: Mapping[str, Pin]) -> None:
    context.meta[_META] = {**context.meta.get(_META, {}), **pins}


def _from_file(context: click.Context, _: click.Parameter, files: tuple[str, ...]) -> None:
    for file in files:
        _keep(context, _read_file(Path(file)))


def _skipped(context: click.Context, _: click.Parameter, nodes: tuple[str, ...]) -> None:
    _keep(context, dict.fromkeys(nodes, Pin(status="skipped")))


def _pinned(context: click.Context, _: click.Parameter, texts: tuple[str, ...]) -> None:
    for text in texts:
        node, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f'"{text}" is not NODE=JSON or NODE=@FILE')
        source = _read(Path(value[1:])) if value.startswith("@") else value
        _keep(context, {node: Pin(output=_json(source, node))})


def _read_file(path: Path) -> dict[str, Pin]:
    try:
        return _PINS.validate_json(_read(path))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise click.UsageError(f'"{path}" holds no pins: {place}: {first["msg"]}') from invalid


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f'the pin file "{path}" cannot be read: {error}') from error


def _json(text: str, node: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.UsageError(f'the pin of "{node}" is not JSON: {error}') from error
