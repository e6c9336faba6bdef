"""What can be seen of a run from outside: the nodes' runs, read from an execution's history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

FAILURES: Final = frozenset({"TaskFailed", "TaskTimedOut", "ParallelStateFailed", "EvaluationFailed"})


@dataclass(frozen=True, slots=True)
class Span:
    """A node's run as the history tells it; times in seconds since the run began."""

    node: str
    started_at: float
    ended_at: float | None
    status: Literal["succeeded", "failed", "open"]
    """`open`: its state was never left."""
    items: tuple[int, ...] = ()
    """In which item of each `for_each` around it, outermost first."""


@dataclass(frozen=True)
class MachineRun:
    """How the compiled machine's execution ended."""

    status: str
    output: Any
    error: str | None
    cause: str | None
    spans: tuple[Span, ...]
    seen: frozenset[str]
    """The nodes that have a state of their own, and so show in a history."""


@dataclass(slots=True)
class _Visit:
    """A node's run while the history is read: the states of it that are entered, outermost first."""

    began: float
    inside: list[str] = field(default_factory=list)
    worked: bool = False
    """Whether the state that does the node's work was entered, not only what guards it."""


def spans(
    history: Sequence[Mapping[str, Any]], states: Mapping[str, tuple[str, bool]], begin: float
) -> tuple[Span, ...]:
    """The runs of the nodes, in the order in which they began.

    `states` gives by state name the node, and whether it does the node's work or guards what does.
    `begin` is the time of the run's beginning in epoch seconds.
    """
    by_id = {event["id"]: event for event in history}
    inside = iterations(history)
    open_visits: dict[tuple[str, tuple[int, ...]], _Visit] = {}
    found: list[Span] = []
    for event in history:
        details = event.get("stateEnteredEventDetails") or event.get("stateExitedEventDetails") or {}
        if details.get("name") not in states:
            continue
        name, at = details["name"], event["timestamp"].timestamp() - begin
        node, works = states[name]
        here = (node, tuple(index for _, index in inside[event["id"]]))
        if event["type"].endswith("StateEntered") and name in open_visits.get(here, _Visit(at)).inside:
            # The state was cut short before, in an iteration whose failure was handled.
            found.append(Span(node, open_visits.pop(here).began, None, "open", here[1]))
        visit = open_visits.setdefault(here, _Visit(at))
        if event["type"].endswith("StateEntered"):
            visit.inside.append(name)
            visit.worked |= works
            continue
        del visit.inside[visit.inside.index(name) :]
        failed = by_id[event["previousEventId"]]["type"] in FAILURES
        if not visit.inside and (visit.worked or failed):
            found.append(Span(node, visit.began, at, "failed" if failed else "succeeded", here[1]))
            del open_visits[here]
    found += [Span(node, visit.began, None, "open", items) for (node, items), visit in open_visits.items()]
    return tuple(sorted(found, key=lambda span: span.started_at))


def iterations(history: Sequence[Mapping[str, Any]]) -> Mapping[int, tuple[tuple[str, int], ...]]:
    """By event id the iterations of Maps that it belongs to, outermost first: names of Maps and indexes.

    A state is left where it was entered, whatever was under way inside when it failed.
    """
    found: dict[int, tuple[tuple[str, int], ...]] = {0: ()}
    entered: defaultdict[str, set[tuple[tuple[str, int], ...]]] = defaultdict(set)
    for event in history:
        around = found[event["previousEventId"]]
        kind = str(event["type"])
        if kind.startswith("MapIteration"):
            details = event[f"m{kind[1:]}EventDetails"]
            names = [name for name, _ in around]
            if details["name"] in names:
                around = around[: names.index(details["name"])]
            if kind == "MapIterationStarted":
                around = (*around, (details["name"], details["index"]))
        elif kind.endswith("StateEntered"):
            entered[event["stateEnteredEventDetails"]["name"]].add(around)
        elif kind.endswith("StateExited"):
            places = entered[event["stateExitedEventDetails"]["name"]]
            around = max((one for one in places if one == around[: len(one)]), key=len)
        found[event["id"]] = around
    return found
