"""steploom rerun: lets a run go on that failed, was paused or has ended."""

from __future__ import annotations

import json
from typing import Any

import click

from steploom.platform.client import ApiClient
from steploom.platform.connection import connected


@click.command("rerun")
@click.argument("run")
@click.option("--node", help="The node to begin with; by default the one that failed.")
@click.option("--skip", "skipped", metavar="NODE", help="Go on past this node.")
@click.option("-v", "--variable", "values", multiple=True, metavar="NAME=JSON", help="Another value.")
@click.option("--version", metavar="NUMBER|active", help="The version to go on with, else the run's own.")
@connected
def command(
    client: ApiClient,
    run: str,
    node: str | None,
    skipped: str | None,
    values: tuple[str, ...],
    version: str | None,
) -> None:
    """Go on with RUN where it failed or was paused; nodes that have ended do not run again."""
    if node is not None and skipped is not None:
        raise click.UsageError("a run goes on from a node, or past one: give --node or --skip")
    body: dict[str, Any] = {"variables": dict(_variable(text) for text in values)}
    if version is not None:
        body["version"] = int(version) if version.isdigit() else version
    if node is not None or skipped is not None:
        body["node"] = node or skipped
    how = "retry" if skipped is None else "skip"
    started = client.post(f"/api/executions/{run}/{how}", body)
    click.echo(f"{started['run']} {started['status']}: steploom logs {started['run']} --follow")


def _variable(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f'"{text}" is not NAME=JSON')
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
