"""What the debugger tells of nodes is what the timeline of a run record tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from layers.runtime.timeline import build_timeline
from tests.debugger.conftest import Calls
from tests.debugger.recordings import run_of
from tests.debugger.test_time_travel import Fixed
from tests.properties.definitions import generate
from tests.properties.machine import compiled
from tests.properties.sorts import SORTS
from translator.debugger import Answers, Debugger, Outside
from translator.debugger.node_run import NodeRun
from translator.diagnostics import Severity
from translator.interpreter.history import Event

CASES = 4


@pytest.mark.parametrize("number", range(CASES))
@pytest.mark.parametrize("sort", sorted(SORTS))
def test_runs_of_nodes_are_those_of_the_timeline(sort: str, number: int) -> None:
    case = generate(Random(f"{sort} trace {number}"), SORTS[sort])
    compilation = compiled(case, number % 2)  # type: ignore[arg-type]
    if any(one.severity == Severity.ERROR for one in compilation.diagnostics):
        pytest.skip("a drawn loop may read what an inner one has forgotten")
    session = run_of(compilation, Answers(Outside(Calls()), recording=Fixed()), case.trigger)
    session.resume()
    source_map = compilation.source_map.to_json()
    timeline = [run for history in histories(session) for run in build_timeline(history, source_map)]
    trace = session.trace
    told = Counter(
        (run.node, "cancelled" if trace.cancelled(run) else run.status, attempts(run, session), run.error)
        for run in trace.runs
    )
    assert told == Counter((run.node, run.status, len(run.attempts), run.error) for run in timeline)


def histories(session: Debugger) -> list[Sequence[Event]]:
    execution = session.execution
    children = [child.history for run in execution.map_runs for child in run.children]
    return [execution.history, *children]


def attempts(run: NodeRun, session: Debugger) -> int:
    """As the timeline counts them: none of a node that calls nothing."""
    calls = session.program.nodes[run.node].type in {"function", "http_request", "workflow"}
    return len(run.attempts) + 1 if calls else 0
