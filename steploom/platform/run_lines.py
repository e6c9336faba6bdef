"""Runs as lines of a list, and one run as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from rich.text import Text

from steploom.timeline_lines import duration, entry_from_json, node_line, shortened

ENDED: Final = frozenset({"succeeded", "failed", "timed_out", "cancelled", "interrupted", "paused"})
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


@dataclass(slots=True)
class RunLines:
    """Prints each node of a run once it has ended, and the run's end once that is so."""

    show: Callable[[Text], None]
    _shown: set[int] = field(default_factory=set)

    def look(self, run: Mapping[str, Any]) -> bool:
        """Prints what is new; True once nothing more will come."""
        nodes = run["timeline"]
        widths = (
            max((len(node["node"]) for node in nodes), default=0),
            max((len(node["state"]) for node in nodes), default=0),
        )
        over = run["status"] in ENDED and run["final"]
        for number, node in enumerate(nodes):
            if number not in self._shown and (over or node["status"] != "running"):
                self._shown.add(number)
                self.show(node_line(entry_from_json(node), widths))
        if over:
            self._end(run)
        return over

    def running(self, run: Mapping[str, Any]) -> None:
        """Prints the nodes that are under way."""
        for node in run["timeline"]:
            if node["status"] == "running":
                self.show(node_line(entry_from_json(node), (len(node["node"]), len(node["state"]))))

    def _end(self, run: Mapping[str, Any]) -> None:
        if run["skipped"]:
            self.show(Text(f"    not needed: {', '.join(run['skipped'])}"))
        colour = _COLOURS.get(run["status"], "red")
        after = "" if run["duration_seconds"] is None else f" after {duration(run['duration_seconds'])}"
        self.show(Text.assemble("  run ", (run["status"], colour), after))
        if run["error"]:
            self.show(Text("  " + shortened(f"{run['error']}: {run['cause'] or ''}"), style="red"))
