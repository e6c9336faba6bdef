"""Whether a machine's run is one that the semantics allows, and if not, where it strays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations
from typing import Any, Final, TypeAlias

from tests.properties.cases import Case
from tests.properties.observed import MachineRun, Span
from tests.properties.oracle import Result, run
from tests.properties.schedule import SLACK, NodeRun, Schedule

UNSPECIFIED_CAUSES: Final = frozenset(
    {
        "NoMatch",
        "TooManyFailed",
        "States.QueryEvaluationError",
        "TooManyIterations",
    }
)
Here: TypeAlias = tuple[str, tuple[int, ...]]
"""A node, and in which item of each `for_each` around it."""


def _told_of(here: Here) -> str:
    node, items = here
    return f"{node}{list(items) or ''}"


def disagreements(case: Case, machine: MachineRun) -> list[str]:
    """What is wrong with the machine's run, by the oracle held to the machine's own starting times.

    Nesting may delay a node, so the two cannot be compared by the clock; but with every node started
    when the machine started it, everything else is determined, but for what happens at one instant.
    """
    best: list[str] | None = None
    nodes = _decisive(case)
    for first in ((), *((one,) for one in nodes), *combinations(nodes, 2)):
        found = list(_differences(case, machine, oracle(case, machine, frozenset(first))))
        if not found:
            return []
        best = found if best is None or len(found) < len(best) else best
    return best or []


def delays(case: Case, machine: MachineRun) -> list[str]:
    """Nodes that began later than the semantics lets them begin, in a run that nothing cut short."""
    free = run(case.model(), case.trigger, case.answer, given=case.given, plans=case.plans)
    if free.status != "succeeded" or any(one.status == "cancelled" for one in free.runs):
        return []
    earliest: dict[Here, list[float]] = defaultdict(list)
    for one in free.runs:
        if one.status != "skipped":
            earliest[one.node, one.items].append(one.started_at)
    late: list[str] = []
    for span in machine.spans:
        if not earliest[span.node, span.items]:
            return []  # of two things at one instant another one came first
        may_start = earliest[span.node, span.items].pop(0)
        if span.started_at > may_start + SLACK:
            late.append(
                f"{_told_of((span.node, span.items))} began at {span.started_at:g}, "
                f"and may begin at {may_start:g}"
            )
    return late


def oracle(case: Case, machine: MachineRun, first: frozenset[str] = frozenset()) -> Result:
    """The run by the semantics, every node started when the machine started it."""
    starts: dict[Here, list[float]] = defaultdict(list)
    for span in machine.spans:
        starts[span.node, span.items].append(span.started_at)
    schedule = Schedule(starts, machine.seen, first)
    return run(case.model(), case.trigger, case.answer, schedule, case.given, case.plans)


def _decisive(case: Case) -> list[str]:
    """Nodes that may end the run or a race; of several at one instant either may come first."""
    planned = case.attempts.items()
    failing = list(dict.fromkeys(node.partition("[")[0] for node, one in planned if one[-1].error))
    return failing + [node["id"] for node in case.definition["nodes"] if node["type"] != "function"]


def _differences(case: Case, machine: MachineRun, wanted: Result) -> Iterator[str]:
    yield from wanted.unlawful
    if wanted.status == "stuck":
        yield f"never started, though the run waits for it: {', '.join(wanted.waiting)}"
        return
    if machine.status != wanted.status.upper():
        told = f"{machine.status} ({machine.error}: {machine.cause})"
        yield f"status {told}, not {wanted.status.upper()} ({wanted.error})"
    elif machine.error != wanted.error:
        yield f"error {machine.error!r} ({machine.cause}), not {wanted.error!r}"
    elif machine.cause != wanted.cause and wanted.error not in UNSPECIFIED_CAUSES:
        yield f"cause {machine.cause!r}, not {wanted.cause!r}"
    if machine.status == "SUCCEEDED" and machine.output != wanted.output:
        yield f"output {machine.output!r}, not {wanted.output!r}"
    yield from _differing_runs(case, machine, wanted)


def _differing_runs(case: Case, machine: MachineRun, wanted: Result) -> Iterator[str]:
    types = {node["id"]: node["type"] for node in case.definition["nodes"]}
    runs: Mapping[Here, list[NodeRun]] = defaultdict(list)
    for one in wanted.runs:
        if one.status != "skipped" and one.node in machine.seen:
            runs[one.node, one.items].append(one)
    seen: Mapping[Here, list[Span]] = defaultdict(list)
    for span in machine.spans:
        seen[span.node, span.items].append(span)
    cuts = {*wanted.cuts, *(one.ended_at for one in wanted.runs if one.status == "cancelled")}
    for here in sorted({*runs, *seen}):
        pairs = _pairs(runs[here], seen[here])
        if not _differ_only_at(cuts, runs[here], seen[here], pairs):
            yield f"{_told_of(here)} ran {len(seen[here])} times, not {len(runs[here])}"
        for expected, span in pairs:
            if span.ended_at is not None or not _is_at(cuts, expected.ended_at):
                yield from _differing_span(expected, span, types[here[0]])


def _pairs(runs: Sequence[NodeRun], seen: Sequence[Span]) -> list[tuple[NodeRun, Span]]:
    """Which run of the machine is which: those that began at the same time."""
    left, found = list(seen), list[tuple[NodeRun, Span]]()
    for one in runs:
        span = next((span for span in left if abs(span.started_at - one.started_at) <= SLACK), None)
        if span is not None:
            left.remove(span)
            found.append((one, span))
    return found


def _differ_only_at(
    cuts: Set[float], runs: Sequence[NodeRun], seen: Sequence[Span], pairs: Sequence[tuple[NodeRun, Span]]
) -> bool:
    """Whether all that only one of the two knows began at an instant at which something was cut short."""
    paired = {id(one) for pair in pairs for one in pair}
    alone = [one.started_at for one in runs if id(one) not in paired]
    alone += [one.started_at for one in seen if id(one) not in paired]
    return all(_is_at(cuts, time) for time in alone)


def _is_at(cuts: Set[float], time: float) -> bool:
    return any(abs(time - cut) <= SLACK for cut in cuts)


def _differing_span(expected: NodeRun, span: Span, node_type: str) -> Iterator[str]:
    node = _told_of((expected.node, expected.items))
    if span.ended_at is None:
        if expected.status == "succeeded" and node_type != "terminate":
            yield f"{node} succeeds at {expected.ended_at:g}, but its state was never left"
        return
    if expected.status == "cancelled":
        if span.ended_at < expected.ended_at - SLACK:
            yield f"{node} was left at {span.ended_at:g}, under way until {expected.ended_at:g}"
        return
    if span.status != expected.status and node_type == "function":
        yield f"{node} {span.status}, not {expected.status}"
    if abs(span.ended_at - expected.ended_at) > SLACK:
        yield f"{node} ended at {span.ended_at:g}, not at {expected.ended_at:g}"


def summary(machine: MachineRun, wanted: Result) -> dict[str, Any]:
    """Both runs, for a person to compare."""
    spans = [
        f"{_told_of((one.node, one.items))} {one.status} {one.started_at:g}..{one.ended_at}"
        for one in machine.spans
    ]
    runs = [
        f"{_told_of((one.node, one.items))} {one.status} {one.started_at:g}..{one.ended_at:g}"
        for one in wanted.runs
    ]
    return {"machine": _told(machine) | {"runs": spans}, "semantics": _told(wanted) | {"runs": runs}}


def _told(one: MachineRun | Result) -> dict[str, Any]:
    return {"status": one.status, "output": one.output, "error": one.error, "cause": one.cause}
