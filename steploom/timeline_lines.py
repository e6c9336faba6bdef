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
    is_delay: bool = False
    failed: tuple[str, ...] = ()
    """Why each attempt failed that was made again."""
    began: object = None
    """When it began, in whatever form the source tells that."""


def entry_of(run: NodeRun) -> Entry:
    """The entry of a node's run."""
    return entry_from_json({**run.to_json(), "started_at": run.started_at})


def entry_from_json(run: Mapping[str, Any]) -> Entry:
    """The entry of a node's run as the REST API gives it (NodeRun.to_json)."""
    again = run["attempts"][:-1]  # the last one decides; those before it failed and were made again
    return Entry(
        node=run["node"],
        state=run["state"],
        status=run["status"],
        seconds=run["duration_seconds"],
        retries=len(again),
        error=run["error"],
        cause=run["cause"],
        items=_items((one["index"], one["item"]) for one in run.get("iterations", ())),
        is_delay=run["type"] == "delay",
        failed=tuple(_why(one["error"], readable_cause(one["cause"])) for one in again),
        began=run["started_at"],
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


def attempt_line(entry: Entry, number: int, widths: tuple[int, int]) -> Text:
    """One attempt that failed and is tried again."""
    about = f"{entry.node:<{widths[0]}}  attempt {number + 1} failed  "
    return Text.assemble(("  ↻ ", "yellow"), about, (entry.failed[number], "yellow"))


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


def _keyed(entries: Iterable[Entry]) -> Iterator[tuple[_Key, Entry]]:
    """Each run of a node with what says which it is, also when executions side by side have told more."""
    seen: Counter[_Key] = Counter()
    for entry in entries:
        key = (entry.node, entry.state, entry.began, entry.items)
        seen[key] += 1
        yield (*key, seen[key]), entry


@dataclass(slots=True)
class NodeLines:
    """Prints each line once, as soon as it is true: failed attempts, delays as they begin, ends of nodes."""

    show: Callable[[Text], None]
    _ended: set[_Key] = field(default_factory=set)
    _waiting: set[_Key] = field(default_factory=set)
    _tried: dict[_Key, int] = field(default_factory=dict)

    def look(self, entries: Iterable[Entry], widths: tuple[int, int], *, over: bool = False) -> None:
        """Prints what is new in a timeline that has only grown; once it is `over`, whatever is left."""
        for key, entry in _keyed(entries):
            if key in self._ended:
                continue
            is_running = entry.status == "running" and not over
            if entry.is_delay and is_running and key not in self._waiting:
                self._waiting.add(key)
                self.show(node_line(entry, widths))
            for attempt in range(self._tried.get(key, 0), len(entry.failed)):
                self.show(attempt_line(entry, attempt, widths))
            self._tried[key] = len(entry.failed)
            if not is_running:
                self._ended.add(key)
                self.show(node_line(entry, widths))


@dataclass(slots=True)
class LiveTimeline:
    """The lines of a history as it grows, below their heading."""

    source_map: Mapping[str, Any]
    show: Callable[[Text], None]
    heading: str = ""
    _lines: NodeLines = field(init=False)

    def __post_init__(self) -> None:
        self._lines = NodeLines(self.show)

    def update(self, history: Sequence[Mapping[str, Any]]) -> None:
        """Prints what is new in a history that has only grown."""
        if self.heading:
            self.show(Text(self.heading, style="bold"))
            self.heading = ""
        runs = build_timeline(history, self.source_map)
        self._lines.look(map(entry_of, runs), widths_for(self.source_map))
