"""A run's timeline as lines: what each node did, how long it took, how often it was tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from rich.text import Text

from layers.runtime.timeline import OWN_WORK, NodeRun, build_timeline, readable_cause

_MARKS: Final = {
    "succeeded": ("✓", "green"),
    "failed": ("✗", "red"),
    "cancelled": ("–", "yellow"),
    "running": ("…", "cyan"),
}
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line tells of one run of one node; `retries` are the attempts after the first."""

    node: str
    state: str
    status: str
    seconds: float | None
    retries: int
    error: str | None
    cause: str | None
    items: str = ""
    """Which items of the `for_each` around it were worked on, outermost first."""


def entry_of(run: NodeRun) -> Entry:
    """The entry of a node's run."""
    retries = max(len(run.attempts) - 1, 0)
    items = _items((one.index, one.item) for one in run.iterations)
    return Entry(run.node, run.state, run.status, run.duration_seconds, retries, run.error, run.cause, items)


def entry_from_json(run: Mapping[str, Any]) -> Entry:
    """The entry of a node's run as the REST API gives it (NodeRun.to_json)."""
    retries = max(len(run["attempts"]) - 1, 0)
    return Entry(
        node=run["node"],
        state=run["state"],
        status=run["status"],
        seconds=run["duration_seconds"],
        retries=retries,
        error=run["error"],
        cause=run["cause"],
        items=_items((one["index"], one["item"]) for one in run.get("iterations", ())),
    )


def _items(iterations: Iterable[tuple[int | None, str | None]]) -> str:
    """`#0 SKU-7 › #2`: the place of each item and what it is called."""
    told = ((None if index is None else f"#{index}", item) for index, item in iterations)
    return " › ".join(" ".join(filter(None, one)) for one in told)


def node_line(entry: Entry, widths: tuple[int, int]) -> Text:
    """One run of one node: mark, node, state, status, duration, retries, and why it failed."""
    mark, colour = _MARKS[entry.status]
    line = Text.assemble(
        (f"  {mark} ", colour),
        f"{entry.node:<{widths[0]}}  {entry.state:<{widths[1]}}  ",
        (f"{entry.status:<9}", colour),
        f"  {'' if entry.seconds is None else duration(entry.seconds):>8}",
    )
    if entry.items:
        line.append(f"  {shortened(entry.items)}", "dim")
    if entry.retries:
        line.append(f"  {entry.retries} {'retry' if entry.retries == 1 else 'retries'}", "yellow")
    if entry.error:
        line.append(f"  {_why(entry.error, entry.cause)}", colour)
    return line


def attempt_line(run: NodeRun, number: int, widths: tuple[int, int]) -> Text:
    """One attempt that failed and is tried again."""
    attempt = run.attempts[number]
    why = _why(attempt.error, readable_cause(attempt.cause))
    return Text.assemble(
        ("  ↻ ", "yellow"), f"{run.node:<{widths[0]}}  attempt {number + 1} failed  ", (why, "yellow")
    )


def widths_for(source_map: Mapping[str, Any]) -> tuple[int, int]:
    """How wide the columns of nodes and of states must be for a workflow."""
    states = [name for name, place in source_map["states"].items() if place["role"] in OWN_WORK]
    return max(map(len, source_map["nodes"]), default=0), max(map(len, states), default=0)


def duration(seconds: float) -> str:
    """Seconds as people read them: `240 ms`, `3.2 s`, `5 min 20 s`, `3 d`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    left, parts = round(seconds), []
    for name, size in units:
        if left >= size:
            parts.append(f"{left // size} {name}")
            left %= size
    return " ".join(parts[:2])


def _why(error: str | None, cause: str | None) -> str:
    return shortened(f"{error}: {cause}" if cause else str(error))


def shortened(text: str) -> str:
    """The text on one line, cut where it gets too long to read at a glance."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


_Key: TypeAlias = tuple[object, ...]


def _keyed(runs: Iterable[NodeRun]) -> Iterator[tuple[_Key, NodeRun]]:
    """Each run with what says which it is, also when executions side by side have told more."""
    seen: Counter[_Key] = Counter()
    for run in runs:
        key = (run.node, run.state, run.started_at, run.iterations)
        seen[key] += 1
        yield (*key, seen[key]), run


@dataclass(slots=True)
class LiveTimeline:
    """Prints each line once, as soon as it is true, below its heading."""

    source_map: Mapping[str, Any]
    show: Callable[[Text], None]
    heading: str = ""
    _ended: set[_Key] = field(default_factory=set)
    _waiting: set[_Key] = field(default_factory=set)
    _tried: dict[_Key, int] = field(default_factory=dict)

    def update(self, history: Sequence[Mapping[str, Any]]) -> None:
        """Prints what is new in a history that has only grown."""
        if self.heading:
            self.show(Text(self.heading, style="bold"))
            self.heading = ""
        widths = widths_for(self.source_map)
        for number, run in _keyed(build_timeline(history, self.source_map)):
            if number in self._ended:
                continue
            if run.type == "delay" and run.status == "running" and number not in self._waiting:
                self._waiting.add(number)
                self.show(node_line(entry_of(run), widths))
            self._show_attempts(number, run, widths)
            if run.status != "running":
                self._ended.add(number)
                self.show(node_line(entry_of(run), widths))

    def _show_attempts(self, number: _Key, run: NodeRun, widths: tuple[int, int]) -> None:
        # The last attempt decides; those before it failed and were tried again.
        for attempt in range(self._tried.get(number, 0), len(run.attempts) - 1):
            self.show(attempt_line(run, attempt, widths))
            self._tried[number] = attempt + 1
