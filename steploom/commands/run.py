"""steploom run: runs a definition here, with no server at all."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from layers.runtime.timeline import readable_cause
from steploom.definition_file import compile_with
from steploom.given_values import assignment, json_of, refuse_unfit
from steploom.large_values import ValuesInMemory
from steploom.local_run import LocalRun
from steploom.neighbours import Neighbours
from steploom.pin_options import pin_options, pins_of
from steploom.screen import print_failure, print_json, talk
from steploom.timeline_lines import LiveTimeline, duration
from steploom.whole_history import whole_history
from translator.compiler import Compilation
from translator.interpreter import Execution, StateMachine
from translator.json_value import JsonValue
from translator.testing.case import trigger_value


@click.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-i", "--input", "given", metavar="JSON|@FILE", default="null", help="The trigger's body.")
@click.option("--trigger", metavar="ID", help="Which trigger fires; the first one by default.")
@click.option(
    "-v",
    "--variable",
    "assignments",
    metavar="NAME=VALUE",
    multiple=True,
    help="Another first value of a variable.",
)
@pin_options
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    given: str,
    trigger: str | None,
    assignments: tuple[str, ...],
) -> None:
    """Run FILE here: the timeline as it happens, then the output. Exit code 1 if the run fails."""
    ctx.find_root().obj = file
    body = json_of(given)
    compilation = compile_with(file, dict(assignment(one) for one in assignments))
    first = next((one.id for one in compilation.definition.triggers), None)
    compilation = compilation.pinned(pins_of(ctx), {}, trigger or first)
    refuse_unfit(compilation, body)
    values = ValuesInMemory(compilation.manifest.trigger_keep)
    execution = _execution(compilation, {"body": body, **({"id": trigger} if trigger else {})}, values)
    heading = f"{compilation.definition.name or compilation.definition.id} · {execution.name}"
    timeline = LiveTimeline(compilation.source_map.to_json(), talk, heading)
    records, neighbours = MemoryRecords(), Neighbours(file)

    def work(payload: Mapping[str, Any]) -> Mapping[str, JsonValue]:
        return invoke_node(
            payload, records, time.time, objects=values.objects, find_workflow=neighbours.asked
        )

    LocalRun(
        execution,
        work,
        time.time,
        lambda changed: timeline.update(whole_history(changed)),
        neighbours.machine,
        values.objects,
    ).finish()
    _report(execution, values)


def _report(execution: Execution, values: ValuesInMemory) -> None:
    first, last = execution.history[0]["timestamp"], execution.history[-1]["timestamp"]
    talk(f"{execution.status.lower()} after {duration((last - first).total_seconds())}")
    if execution.status == "SUCCEEDED":
        print_json(values.whole(execution.output))
        return
    print_failure(f"the run failed with {execution.error}: {readable_cause(execution.cause)}")
    raise SystemExit(1)


def _execution(
    compilation: Compilation, trigger: Mapping[str, JsonValue], values: ValuesInMemory
) -> Execution:
    definition = compilation.definition
    machine = StateMachine.parse(compilation.whole_machine)
    now = datetime.now(UTC)
    try:
        value = trigger_value(definition, trigger, now)
    except KeyError as unknown:
        known = ", ".join(f'"{one.id}"' for one in definition.triggers) or '"manual"'
        raise click.UsageError(f"there is no trigger {unknown}: the workflow has {known}") from unknown
    name = f"main-{definition.id}-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    arn = "arn:aws:states:eu-central-1:000000000000"
    return Execution(
        machine,
        input={
            "trigger": values.trigger(name, value),
            "run": {"project": "main", "workflow": definition.id, "version": 0},
            **compilation.pinned_input,
        },
        name=name,
        arn=f"{arn}:execution:main-{definition.id}:{name}",
        state_machine_arn=f"{arn}:stateMachine:main-{definition.id}",
        started_at=now.timestamp(),
        seed=secrets.randbits(32),
        is_parted=compilation.is_parted,
    )
