"""steploom runs: what ran on a platform, newest first."""

from __future__ import annotations

import json
import time
from typing import Any, Final

import click

from steploom.platform.client import ENDED, ApiClient
from steploom.platform.connection import connected
from steploom.platform.run_lines import run_lines
from steploom.screen import print_line

_STATUSES: Final = ("starting", "running", *sorted(ENDED))
_SECONDS: Final = 1.0
_PAGE: Final = 100


@click.command("runs")
@click.option("--workflow", help="Only runs of this workflow.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only runs with this status.")
@click.option("-n", "--limit", type=click.IntRange(1, _PAGE), default=20, show_default=True, help="How many.")
@click.option("-f", "--follow", is_flag=True, help="Go on with runs as they start and end, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@connected
def command(
    client: ApiClient,
    workflow: str | None,
    status: str | None,
    limit: int,
    follow: bool,
    as_json: bool,
) -> None:
    """List the runs of the local cloud, or of the platform that --url names; the newest stands last."""
    known: dict[str, str] = {}
    while True:
        runs = client.get("/api/executions", workflow=workflow, status=status, limit=limit)["items"]
        new = [run for run in reversed(runs) if known.get(run["id"]) != run["status"]]
        known.update({run["id"]: run["status"] for run in new})
        _print(new, as_json=as_json)
        if not follow:
            break
        limit = _PAGE
        time.sleep(_SECONDS)
    if not known and not as_json:
        click.echo("no runs yet", err=True)


def _print(runs: list[Any], *, as_json: bool) -> None:
    if as_json:
        for run in runs:
            click.echo(json.dumps(run, ensure_ascii=False))
        return
    for line in run_lines(runs):
        print_line(line)
