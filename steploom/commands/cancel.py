"""steploom cancel: stops a run."""

from __future__ import annotations

import click

from steploom.platform.client import ApiClient
from steploom.platform.connection import connected


@click.command("cancel")
@click.argument("run")
@connected
def command(client: ApiClient, run: str) -> None:
    """Stop RUN; what its nodes have done outside stays done."""
    click.echo(f"{run} {client.post(f'/api/executions/{run}/cancel')['status']}")
