"""A session on the ground of a recorded run: rebuilt, held to what was recorded, standing at its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translator.compiler import Compilation
from translator.debugger.answers import Answers, Outside
from translator.debugger.errors import ForeignHistoryError, NotAnsweredError
from translator.debugger.launching import Start, launch_of
from translator.debugger.program import program_of
from translator.debugger.recording.fitting import GIVE_DEPLOYED, refuse_misfit, refuse_other_end
from translator.debugger.recording.following import Following
from translator.debugger.recording.recorded import Recorded
from translator.debugger.session import Debugger

UNNAMED = "recorded"
"""The name of a run in which no node was called: nothing tells its own."""


def project_of(recorded: Recorded) -> str:
    """The project that the run belongs to, as its input tells it."""
    run = recorded.input.get("run") if isinstance(recorded.input, Mapping) else None
    return str(run.get("project", "main")) if isinstance(run, Mapping) else "main"


def rebuild(
    compilation: Compilation,
    recorded: Recorded,
    outside: Outside,
    deployed: Mapping[str, Any] | None = None,
    *,
    file_name: str = "",
) -> Debugger:
    """The run as it was recorded, to its end; `deployed` is the machine that ran, if it is another one.

    Raises DiagnosticsError, InvalidDefinition, ForeignHistoryError. Nothing is called.
    """
    machine = compilation.machine if deployed is None else deployed
    if deployed is None and isinstance(recorded.input, Mapping) and "pins" in recorded.input:
        raise ForeignHistoryError(
            "the run began with pinned nodes, which make a machine of their own", GIVE_DEPLOYED
        )
    refuse_misfit(recorded, machine, compilation.definition.id)
    program = program_of(compilation, machine, file_name=file_name)
    start = Start(recorded.name or UNNAMED, recorded.input, recorded.started_at, project=project_of(recorded))
    answers = Answers(outside, live=False, recording=recorded)
    debugger = Debugger(program, launch_of(program, start), answers, Following(recorded))
    try:
        if not debugger.has_ended:
            debugger.resume()
    except NotAnsweredError as error:
        if recorded.status != "RUNNING":
            raise ForeignHistoryError(
                f"the machine leaves the recorded way: {error.message}", GIVE_DEPLOYED
            ) from error
        return debugger
    refuse_other_end(recorded, debugger.execution.status, debugger.execution.error)
    return debugger
