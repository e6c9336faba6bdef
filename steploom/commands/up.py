"""steploom up: the local cloud, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from infra.local.settings import DEFAULT_AWS_PORT, DEFAULT_FRONT_PORT, LocalSettings
from steploom.platform.client import ApiClient
from steploom.platform.upcoming import upcoming
from steploom.screen import talk

if TYPE_CHECKING:
    from infra.local.cloud import LocalCloud


@click.command("up")
@click.option(
    "--port", default=DEFAULT_FRONT_PORT, show_default=True, help="REST API and webhooks; 0 takes a free one."
)
@click.option(
    "--aws-port", default=DEFAULT_AWS_PORT, show_default=True, help="Step Functions API; 0 takes a free one."
)
@click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".steploom"),
    show_default=True,
    help="Where everything is kept between starts.",
)
@click.option("--project", default="main", show_default=True, help="What every name begins with.")
def command(port: int, aws_port: int, folder: Path, project: str) -> None:
    """Serve REST API, webhooks and the Step Functions API on this machine, until Ctrl-C."""
    # The local cloud is heavy, and no other command should wait for it.
    from infra.local.cloud import LocalCloud  # noqa: PLC0415
    from infra.local.errors import LocalCloudError  # noqa: PLC0415

    settings = LocalSettings(data_folder=folder, front_port=port, aws_port=aws_port, project=project)
    try:
        with LocalCloud(settings) as cloud:
            cloud.wait_until_ready()
            for line in (*greeting(cloud), *schedules(cloud)):
                talk(line)
            cloud.serve_forever()
            talk("stopping")
    except LocalCloudError as error:
        raise click.ClickException(str(error)) from error


def schedules(cloud: LocalCloud) -> list[str]:
    """What fires next, of the workflows that an earlier start has left active."""
    lines = upcoming(ApiClient(cloud.front_url, cloud.development_token))
    return ["", "Fires next:", *lines] if lines else []


def greeting(cloud: LocalCloud) -> list[str]:
    """Where everything is, and one request to try."""
    authorization = f"Authorization: Bearer {cloud.development_token}"
    api = f"{cloud.front_url}/api/workflows"
    return [
        "Steploom is up; Ctrl-C stops it.",
        f"  REST API        {cloud.front_url}/api",
        f"  webhooks        {cloud.front_url}/webhooks/<path>",
        f"  Step Functions  {cloud.aws_url}  (boto3: endpoint_url; any credentials)",
        f"  token           {cloud.development_token}",
        f"  data            {cloud.settings.data_folder}",
        "",
        "Try:",
        f"  curl -H '{authorization}' {api}",
        f"  curl -H '{authorization}' -H 'Content-Type: application/yaml' \\",
        f"    --data-binary @workflows/incident-alert.yaml {api}",
        f"  curl -H '{authorization}' -X POST {api}/incident-alert/activate",
    ]
