"""The workflows in a folder, and what each was when folder and platform were last the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import yaml

from steploom.definition_file import SUFFIXES, read

STATE_FILE: Final = ".steploom-sync.json"


@dataclass(frozen=True, slots=True)
class LocalWorkflow:
    """A definition file."""

    id: str
    path: Path
    text: str
    """In YAML, as the platform's are; that of a JSON file is turned into YAML."""


def as_yaml(text: str) -> str:
    """JSON text as YAML that people read; equal values give equal text."""
    dumped: str = yaml.safe_dump(json.loads(text), sort_keys=False, allow_unicode=True, width=110)
    return dumped


def write_file(path: Path, text: str) -> None:
    """Writes a definition that is given in YAML, as JSON where the file's name says so."""
    if path.suffix == ".json":
        text = json.dumps(yaml.safe_load(text), indent=2, ensure_ascii=False, default=str) + "\n"
    path.write_text(text, encoding="utf-8")


def digest(text: str) -> str:
    """Names a text; what stands in the state file."""
    return hashlib.sha256(text.encode()).hexdigest()


def local_workflows(folder: Path) -> dict[str, LocalWorkflow]:
    """The definitions directly in a folder, by id; raises click's error where an id is missing or twice."""
    found: dict[str, LocalWorkflow] = {}
    for path in sorted(one for one in folder.glob("*") if _is_definition(one)):
        text = read(path)
        workflow = _id_of(path, text)
        if workflow in found:
            raise click.ClickException(
                f'"{path}" and "{found[workflow].path}" both have the id "{workflow}": give one another id'
            )
        found[workflow] = LocalWorkflow(workflow, path, as_yaml(text) if path.suffix == ".json" else text)
    return found


def _is_definition(path: Path) -> bool:
    return path.is_file() and path.suffix in SUFFIXES and not path.name.startswith(".")


def _id_of(path: Path, text: str) -> str:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise click.ClickException(f'"{path}" is not YAML: see `steploom check {path}`') from error
    workflow = document.get("id") if isinstance(document, dict) else None
    if not isinstance(workflow, str):
        raise click.ClickException(f'"{path}" has no "id": move what is no definition out of the folder')
    return workflow


def read_state(folder: Path, url: str) -> dict[str, str]:
    """By workflow the digest of what both sides had; empty for another platform."""
    try:
        state = json.loads((folder / STATE_FILE).read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(state, dict) or state.get("url") != url:
        return {}
    return {str(name): str(value) for name, value in state.get("workflows", {}).items()}


def write_state(folder: Path, url: str, workflows: Mapping[str, str]) -> None:
    """Replaces the state file in one move."""
    path = folder / STATE_FILE
    temporary = path.with_suffix(".tmp")
    temporary.write_text(
        json.dumps({"url": url, "workflows": dict(sorted(workflows.items()))}, indent=1) + "\n"
    )
    temporary.replace(path)
