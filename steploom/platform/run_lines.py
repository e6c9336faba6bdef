"""Runs as lines of a list, and one run as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from rich.text import Text

from steploom.platform.client import ENDED
from steploom.timeline_lines import Entry, NodeLines, duration, entry_from_json, node_line, shortened

_COLOURS: Final = {"succeeded": "green", "running": "cyan", "starting": "cyan", "cancelled": "yellow"}
_WIDEST: Final = 60


def run_lines(runs: Sequence[Mapping[str, Any]]) -> list[Text]:
    """A line for each run: status, start, duration, workflow, trigger, id, and why it failed."""
    widest = max((len(run["workflow"]) for run in runs), default=0)
    triggers = max((len(run["trigger"]["id"]) for run in runs), default=0)
    return [_run_line(run, min(widest, _WIDEST), min(triggers, _WIDEST)) for run in runs]


def _run_line(run: Mapping[str, Any], widest: int, triggers: int) -> Text:
    status = run["status"]
    started = datetime.fromisoformat(run["started_at"]).astimezone()
    seconds = run["duration_seconds"]
    line = Text.assemble(
        (f"{status:<11}", _COLOURS.get(status, "red")),
        f"  {started:%Y-%m-%d %H:%M:%S}  {'' if seconds is None else duration(seconds):>9}",
        f"  {run['workflow']:<{widest}}  {run['trigger']['id']:<{triggers}}  ",
        (run["id"], "bold"),
    )
    if run["error"]:
        line.append("  " + shortened(f"{run['error']}: {run['cause'] or ''}".rstrip(": ")), "red")
    return line


def _widths(entries: Sequence[Entry]) -> tuple[int, int]:
    nodes, states = ([len(one.node) for one in entries], [len(one.state) for one in entries])
    return max(nodes, default=0), max(states, default=0)


@dataclass(slots=True)
class RunLines:
    """Prints what the nodes of a run do, as the REST API tells it, and the run's end once that is so."""

    show: Callable[[Text], None]
    widths: tuple[int, int] | None = None
    """Of the columns of nodes and states; None for those of the nodes that have run."""
    _lines: NodeLines = field(init=False)

    def __post_init__(self) -> None:
        self._lines = NodeLines(self.show)

    def look(self, run: Mapping[str, Any]) -> bool:
        """Prints what is new; True once nothing more will come."""
        entries = [entry_from_json(node) for node in run["timeline"]]
        over = run["status"] in ENDED and run["final"]
        self._lines.look(entries, self.widths or _widths(entries), over=over)
        if over:
            self._end(run)
        return over

    def running(self, run: Mapping[str, Any]) -> None:
        """Prints the nodes that are under way."""
        entries = [entry_from_json(node) for node in run["timeline"] if node["status"] == "running"]
        for entry in entries:
            self.show(node_line(entry, self.widths or _widths(entries)))

    def _end(self, run: Mapping[str, Any]) -> None:
        if run["skipped"]:
            self.show(Text(f"    not needed: {', '.join(run['skipped'])}"))
        colour = _COLOURS.get(run["status"], "red")
        after = "" if run["duration_seconds"] is None else f" after {duration(run['duration_seconds'])}"
        self.show(Text.assemble("  run ", (run["status"], colour), after))
        if run["error"]:
            self.show(Text("  " + shortened(f"{run['error']}: {run['cause'] or ''}"), style="red"))
