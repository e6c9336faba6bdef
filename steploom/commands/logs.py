"""steploom logs: one run, node by node."""

from __future__ import annotations

import json
import time
from typing import Final

import click

from steploom.platform.client import ApiClient
from steploom.platform.connection import connected
from steploom.platform.run_lines import RunLines
from steploom.screen import print_line

_SECONDS: Final = 0.3


@click.command("logs")
@click.argument("run")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run has ended.")
@click.option("--json", "as_json", is_flag=True, help="The run with its data and timeline as JSON.")
@connected
def command(client: ApiClient, run: str, follow: bool, as_json: bool) -> None:
    """Show what each node of RUN did, how long it took and how often it was tried.

    RUN is a run's id, or `last` for the newest run.
    """
    identifier = _newest(client) if run == "last" else run
    lines = RunLines(print_line)
    while True:
        seen = client.get(f"/api/executions/{identifier}")
        over = seen["final"] if as_json else lines.look(seen)
        if over or not follow:
            break
        time.sleep(_SECONDS)
    if as_json:
        click.echo(json.dumps(seen, indent=2, ensure_ascii=False))
    elif not over:
        lines.running(seen)


def _newest(client: ApiClient) -> str:
    runs = client.get("/api/executions", limit=1)["items"]
    if not runs:
        raise click.ClickException("nothing has run yet")
    return str(runs[0]["id"])
