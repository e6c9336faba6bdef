"""How a session tells what it sees: one line each, plain text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from steploom.timeline_lines import duration
from translator.debugger import Debugger, Move
from translator.debugger.answers import Answered
from translator.debugger.drive import Standing
from translator.debugger.node_run import NodeRun
from translator.expressions.evaluator import NOTHING, Nothing
from translator.json_value import JsonValue
from translator.testing.mocks import message_of

MARKS: Final = {"succeeded": "✓", "failed": "✗", "cancelled": "–", "running": "…"}
_LONGEST: Final = 100
_ROLES: Final = {"end": "state", "entry": "start", "when": "condition of an edge", "part": "state"}
"""What states are called that only serve the machine, where their role is no word of its own."""


def told(value: JsonValue | Nothing) -> str:
    """A value in one line, cut where it gets too long to read at a glance."""
    text = whole(value, indent=None)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def whole(value: JsonValue | Nothing, indent: int | None = 2) -> str:
    """A value as JSON; nothing as a word."""
    return "(nothing)" if value is NOTHING else json.dumps(value, indent=indent, ensure_ascii=False)


def moved(debugger: Debugger, move: Move) -> Iterator[str]:
    """What happened on a way: each node that ended, then what stopped, then where it stands."""
    width = max((len(run.node) for run in move.ended), default=0)
    for run in move.ended:
        yield from run_lines(run, width, debugger.answers.journal.get(run.request or ""))
    for hit in move.hits:
        yield f"breakpoint {hit.breakpoint.number}: {hit.breakpoint.to_text()}"
        if hit.problem is not None:
            yield f"    its condition could not be asked: {hit.problem}"
    yield from stands(debugger)


def run_lines(run: NodeRun, width: int, answered: Answered | None = None) -> Iterator[str]:
    """A node's run that has ended: the attempts that failed before, then how it ended."""
    for number, (error, cause) in enumerate(run.attempts, start=1):
        yield f"  ↻ {run.node:<{width}}  attempt {number} failed with {error}: {message_of(cause)}"
    source = "" if answered is None else f"   [{answered.source}]"
    yield f"  {MARKS[run.status]} {run.node:<{width}}  {_came_to(run)}{source}".rstrip()


def _came_to(run: NodeRun) -> str:
    if run.status == "failed":
        return f"{run.error}: {message_of(run.cause)}" if run.cause else str(run.error)
    return f"= {told(run.output)}" if run.has_output and run.output is not None else ""


def stands(debugger: Debugger) -> Iterator[str]:
    """The point, with the line of the definition that comes next; or how the run has ended."""
    if debugger.has_ended:
        yield from _end(debugger)
        return
    yield f"point {debugger.point}: {before(debugger, debugger.standing)}"
    node = next(iter(debugger.nodes), None)
    if node is not None:
        yield from source_lines(debugger, node, 0)


def before(debugger: Debugger, standing: Standing) -> str:
    """Where a line of control stands: before which nodes, in which state."""
    nodes = debugger.program.nodes_of(standing.state)
    if not nodes:
        role = debugger.program.places.get(standing.state, {}).get("role", "state")
        return f'before the {_ROLES.get(role, role)} "{standing.state}"'
    names = ", then ".join(nodes)
    return f"before {names}  {debugger.program.place_of(nodes[0])}"


def _end(debugger: Debugger) -> Iterator[str]:
    execution = debugger.execution
    passed = duration(execution.now - execution.history[0]["timestamp"].timestamp())
    status = execution.status.lower().replace("_", " ")
    yield f"point {debugger.point}: the run has {status} after {passed}"
    if execution.status == "SUCCEEDED":
        yield from whole(debugger.answers.outside.values.whole(execution.output)).splitlines()
        return
    failed = culprit(debugger.trace.ended, execution.error)
    if failed is not None:
        yield f'  at node "{failed.node}"  {debugger.program.place_of(failed.node)}'
    yield f"  {execution.error}: {message_of(execution.cause)}"


def culprit(runs: Sequence[NodeRun], error: str | None) -> NodeRun | None:
    """The run of a node with which a run failed."""
    failed = [run for run in runs if run.status == "failed"]
    fitting = [run for run in failed if run.error == error]
    # Bodies fail after what is inside them, with the same error.
    innermost = [run for run in fitting if run.cause == fitting[-1].cause]
    return innermost[0] if innermost else failed[-1] if failed else None


def source_lines(debugger: Debugger, node: str, around: int) -> Iterator[str]:
    """The definition's lines about a node, with an arrow at its first."""
    lines = debugger.program.text.splitlines()
    at = debugger.program.line_of(node)[0]
    first, last = max(at - around, 1), min(at + around, len(lines))
    for number in range(first, last + 1):
        yield f"{'->' if number == at else '  '} {number:>4} | {lines[number - 1]}".rstrip()
