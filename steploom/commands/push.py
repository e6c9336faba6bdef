"""steploom push: the workflows of a folder to a platform."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from steploom.platform.client import ApiClient
from steploom.platform.connection import connected
from steploom.sync.folder import LocalWorkflow, digest, local_workflows, read_state, write_state
from steploom.sync.plan import SIGNS, pushes
from steploom.sync.remote import RemoteWorkflow, remote_workflows, store
from translator.compiler import compile_text
from translator.diagnostics import DiagnosticsError
from translator.difference.parts import changes


@click.command("push")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("workflows")
)
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@click.option("--force", is_flag=True, help="Overwrite what was changed on the platform.")
@click.option("--activate", is_flag=True, help="Activate what was pushed.")
@connected
def command(client: ApiClient, folder: Path, dry_run: bool, force: bool, activate: bool) -> None:
    """Bring the platform to what FOLDER holds, and tell what changes; what only it has is left alone.

    What was changed on the platform since the last pull or push is not overwritten: then nothing is stored.
    """
    local, remote = local_workflows(folder), remote_workflows(client)
    state = read_state(folder, client.url)
    taken = {"new", "changed", *(("conflict", "behind") if force else ())}
    compared = [one for one in pushes(local, remote, state) if one.standing != "same"]
    for one in compared:
        click.echo(f"{SIGNS[one.standing]} {one.workflow}{_why(one.standing)}")
        if one.workflow in local and one.workflow in remote:
            for line in _difference(remote[one.workflow], local[one.workflow]):
                click.echo(f"    {line}")
    conflicts = [one.workflow for one in compared if one.standing == "conflict"]
    if conflicts and not force:
        raise click.ClickException(
            f"not what it was when it was last pulled: {', '.join(conflicts)}; nothing was stored. "
            "`steploom pull` first, or overwrite it with --force"
        )
    if dry_run:
        return
    pushed = [one.workflow for one in compared if one.standing in taken]
    for name in pushed:
        known = remote.get(name)
        store(client, name, local[name].text, None if known is None else known.etag)
        state[name] = digest(local[name].text)
        write_state(folder, client.url, state)
    for name in pushed if activate else ():
        answer = client.send("POST", f"/api/workflows/{name}/activate").json()
        click.echo(f"{name}: version {answer['version']} is active")
    write_state(folder, client.url, {**state, **_same(local, remote)})
    click.echo(f"{len(pushed)} pushed, {len(local)} here")


def _same(local: dict[str, LocalWorkflow], remote: dict[str, RemoteWorkflow]) -> dict[str, str]:
    return {
        name: digest(one.text)
        for name, one in local.items()
        if name in remote and remote[name].text == one.text
    }


def _why(standing: str) -> str:
    reasons = {
        "behind": " (changed on the platform only: `steploom pull`)",
        "gone": " (only on the platform)",
        "conflict": " (changed on the platform, too)",
    }
    return reasons.get(standing, "")


def _difference(before: RemoteWorkflow, after: LocalWorkflow) -> Iterator[str]:
    try:
        old = compile_text(before.text, file_name="before.yaml").definition
        new = compile_text(after.text, file_name=str(after.path)).definition
    except DiagnosticsError:
        return  # storing it tells what is wrong
    for change in changes(old, new):
        yield f"{change.sign} {change.kind} {change.name}"
        yield from (f"    {detail}" for detail in change.details)
