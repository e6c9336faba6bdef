"""steploom pull: the workflows of a platform into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from steploom.platform.client import ApiClient
from steploom.platform.connection import connected
from steploom.sync.folder import digest, local_workflows, read_state, write_file, write_state
from steploom.sync.plan import SIGNS, pulls
from steploom.sync.remote import remote_workflows


@click.command("pull")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("workflows"))
@click.option("--dry-run", is_flag=True, help="Only tell what would be written.")
@click.option("--force", is_flag=True, help="Overwrite files whose changes are not on the platform.")
@connected
def command(client: ApiClient, folder: Path, dry_run: bool, force: bool) -> None:
    """Write every workflow of the platform into FOLDER, one YAML file each.

    A file that was changed here since the last pull or push is not overwritten: then nothing is written.
    """
    local = local_workflows(folder) if folder.exists() else {}
    remote = remote_workflows(client)
    state = read_state(folder, client.url)
    taken = {"new", "changed", *(("conflict", "behind") if force else ())}
    compared = pulls(local, remote, state)
    for one in compared:
        if one.standing != "same":
            click.echo(f"{SIGNS[one.standing]} {one.workflow}{_why(one.standing)}")
    conflicts = [one.workflow for one in compared if one.standing == "conflict"]
    if conflicts and not force:
        raise click.ClickException(
            f"changed here and on the platform: {', '.join(conflicts)}; nothing was written. Compare with "
            "`steploom pull` into another folder, or take the platform's with --force"
        )
    if dry_run:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for one in compared:
        if one.standing in taken:
            path = local[one.workflow].path if one.workflow in local else folder / f"{one.workflow}.yaml"
            write_file(path, remote[one.workflow].text)
        if one.standing in taken | {"same"}:
            state[one.workflow] = digest(remote[one.workflow].text)
    write_state(folder, client.url, state)
    click.echo(f"{sum(one.standing in taken for one in compared)} written, {len(remote)} on the platform")


def _why(standing: str) -> str:
    reasons = {
        "behind": " (changed here only: `steploom push`)",
        "gone": " (only here)",
        "conflict": " (changed here, too)",
    }
    return reasons.get(standing, "")
