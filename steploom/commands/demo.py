"""steploom demo: two real webhooks against a real HTTP service, told node by node."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from steploom.screen import talk

_DEFINITION: Final = Path("workflows/order-fulfilment.yaml")


@click.command("demo")
@click.option(
    "--data",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".steploom/demo"),
    show_default=True,
    help="Where the local cloud keeps its data.",
)
@click.option("--keep", is_flag=True, help="Keep everything up until Ctrl-C.")
@click.option("--resume", is_flag=True, help="Show how a run that failed goes on with another value.")
def command(folder: Path, keep: bool, resume: bool) -> None:
    """Start everything on this machine, fire two webhooks, and show what happened."""
    # The local cloud is heavy, and no other command should wait for it.
    from infra.local.errors import LocalCloudError  # noqa: PLC0415
    from steploom.demo.resumed import ResumedDemo  # noqa: PLC0415
    from steploom.demo.story import Demo  # noqa: PLC0415

    try:
        if resume:
            went_well = ResumedDemo(folder, talk).run()
        else:
            went_well = Demo(_DEFINITION, folder, talk).run(keep=keep)
    except LocalCloudError as error:
        raise click.ClickException(str(error)) from error
    if not went_well:
        raise click.ClickException("the demo did not go as it should: please report what is printed above")
