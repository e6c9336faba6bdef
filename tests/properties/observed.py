"""What can be seen of a run from outside: the nodes' runs, read from an execution's history."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True)
class Observing:
    """What the source map says of the states."""

    states: Mapping[str, tuple[str, bool]]
    """By state name the node, and whether the state does the node's work or guards what does."""
    before: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By state name the nodes whose work is done when it is entered."""
    after: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By state name the nodes whose work may be done when it is left: their outputs are assigned then."""

    failing: Mapping[str, str] = field(default_factory=dict)
    """By state name the node that fails where an expression does as the state is left."""

    chains: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By state name the nodes that one invocation does."""

    def failed_inside(self, details: Mapping[str, Any]) -> Sequence[str]:
        """The nodes done as a state is left, up to the one whose expression failed there."""
        node = self.failing.get(details.get("state", ""))
        if node is None or not re.search(r"\b(Assign|Output)\b", details.get("location") or ""):
            return ()
        behind = list(self.after[details["state"]])
        return behind[: behind.index(node) + 1]

    @property
    def seen(self) -> frozenset[str]:
        """The nodes that show in a history."""
        own = (node for node, _ in self.states.values())
        others = (*self.before.values(), *self.chains.values(), *self.after.values())
        folded = (node for nodes in others for node in nodes)
        return frozenset((*own, *folded))


def spans(history: Sequence[Mapping[str, Any]], observing: Observing, begin: float) -> tuple[Span, ...]:
    """The runs of the nodes, in the order in which they began; `begin` is the run's in epoch seconds."""
    inside = {event: tuple(index for _, index in around) for event, around in iterations(history).items()}
    found = [
        *_inner_spans(history, observing, inside, begin),
        *_own_spans(history, observing, inside, begin),
    ]
    missing = unfinished(history, observing)
    chained = _chained_spans(history, observing, inside, begin)
    found += [span for span in chained if span.node not in missing]
    return tuple(sorted(found, key=lambda span: span.started_at))


def _inner_spans(
    history: Sequence[Mapping[str, Any]],
    observing: Observing,
    inside: Mapping[int, tuple[int, ...]],
    begin: float,
) -> Iterator[Span]:
    """The runs of nodes whose work other states do."""
    for event in history:
        at, items = event["timestamp"].timestamp() - begin, inside[event["id"]]
        entered = event.get("stateEnteredEventDetails") or {}
        for node in observing.before.get(entered.get("name", ""), ()):
            yield Span(node, at, at, "succeeded", items)
        left = event.get("stateExitedEventDetails") or {}
        for node in observing.after.get(left.get("name", ""), ()):
            names = left.get("assignedVariables") or {}
            if any(re.fullmatch(rf"{node}(__[0-9]+)?", name) for name in names):
                yield Span(node, at, at, "succeeded", items)
        behind = observing.failed_inside(event.get("evaluationFailedEventDetails") or {})
        for node in behind[:-1]:
            yield Span(node, at, at, "succeeded", items)
        for node in behind[-1:]:
            yield Span(node, at, None, "open", items)


def _has_failed(by_id: Mapping[int, Mapping[str, Any]], left: Mapping[str, Any]) -> bool:
    """Whether a state was left by a failure of its own; not if only what follows its success failed."""
    last = by_id[left["previousEventId"]]
    before = by_id.get(last["previousEventId"], {})
    behind_success = before.get("type") == "TaskSucceeded"
    return last["type"] in FAILURES and not (last["type"] == "EvaluationFailed" and behind_success)


def _own_spans(
    history: Sequence[Mapping[str, Any]],
    observing: Observing,
    inside: Mapping[int, tuple[int, ...]],
    begin: float,
) -> list[Span]:
    states = observing.states
    by_id = {event["id"]: event for event in history}
    open_visits: dict[tuple[str, tuple[int, ...]], _Visit] = {}
    found: list[Span] = []
    for event in history:
        details = event.get("stateEnteredEventDetails") or event.get("stateExitedEventDetails") or {}
        failed_inside = event.get("evaluationFailedEventDetails") or {}
        if observing.failed_inside(failed_inside):
            details = {"name": failed_inside["state"]}
        if details.get("name") not in states or details["name"] in observing.chains:
            continue
        name, at = details["name"], event["timestamp"].timestamp() - begin
        node, works = states[name]
        here = (node, inside[event["id"]])
        if event["type"].endswith("StateEntered") and name in open_visits.get(here, _Visit(at)).inside:
            # The state was cut short before, in an iteration whose failure was handled.
            found.append(Span(node, open_visits.pop(here).began, None, "open", here[1]))
        visit = open_visits.setdefault(here, _Visit(at))
        if event["type"].endswith("StateEntered"):
            visit.inside.append(name)
            visit.worked |= works
            continue
        del visit.inside[visit.inside.index(name) :]
        failed = not failed_inside and _has_failed(by_id, event)
        if not visit.inside and (visit.worked or failed):
            found.append(Span(node, visit.began, at, "failed" if failed else "succeeded", here[1]))
            del open_visits[here]
    left_open = (Span(node, visit.began, None, "open", items) for (node, items), visit in open_visits.items())
    return [*found, *left_open]


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


def _chained_spans(
    history: Sequence[Mapping[str, Any]],
    observing: Observing,
    inside: Mapping[int, tuple[int, ...]],
    begin: float,
) -> Iterator[Span]:
    """The runs of nodes that shared an invocation, by what the function recorded of each."""
    by_id = {event["id"]: event for event in history}
    for event in history:
        state = _state_of(event, by_id)
        if event["type"] == "TaskSucceeded" and state["name"] in observing.chains:
            base = state["at"] - begin
            answers = json.loads(event["taskSucceededEventDetails"]["output"])["Payload"]["chain"]
            ended = 0.0
            for node in observing.chains[state["name"]]:
                # A node without an answer calls nothing: it ran when the one before it had ended.
                own = answers.get(node, {"began": ended, "ended": ended})
                ended = own["ended"]
                yield Span(node, base + own["began"], base + ended, "succeeded", inside[event["id"]])


def unfinished(history: Sequence[Mapping[str, Any]], observing: Observing) -> frozenset[str]:
    """The nodes of invocations that did not succeed: nothing tells when each of them began."""
    by_id = {event["id"]: event for event in history}
    open_states: Counter[str] = Counter()
    for event in history:
        if event["type"] == "TaskStateEntered":
            open_states[event["stateEnteredEventDetails"]["name"]] += 1
        elif event["type"] == "TaskSucceeded":
            open_states[_state_of(event, by_id)["name"]] -= 1
    return frozenset(
        node for state, count in open_states.items() if count for node in observing.chains.get(state, ())
    )


def _state_of(event: Mapping[str, Any], by_id: Mapping[int, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The state that an event of a Task belongs to, and when it was entered."""
    while not event["type"].endswith("StateEntered"):
        if event.get("previousEventId", 0) not in by_id:
            return {"name": "", "at": 0.0}
        event = by_id[event["previousEventId"]]
    details = event["stateEnteredEventDetails"]
    return {"name": details["name"], "at": event["timestamp"].timestamp()}
