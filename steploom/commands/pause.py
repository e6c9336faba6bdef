"""steploom pause: lets a run stop before its next node acts."""

from __future__ import annotations

import click

from steploom.platform.client import ApiClient
from steploom.platform.connection import connected


@click.command("pause")
@click.argument("run")
@connected
def command(client: ApiClient, run: str) -> None:
    """Pause RUN before its next node acts; `steploom resume` lets it go on."""
    click.echo(f"{run} {client.post(f'/api/executions/{run}/pause')['status']}")
