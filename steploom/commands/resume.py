"""steploom resume: lets a paused run go on."""

from __future__ import annotations

import click

from steploom.platform.client import ApiClient
from steploom.platform.connection import connected


@click.command("resume")
@click.argument("run")
@connected
def command(client: ApiClient, run: str) -> None:
    """Let a paused RUN go on where it stopped."""
    click.echo(f"{run} {client.post(f'/api/executions/{run}/resume')['status']}")
