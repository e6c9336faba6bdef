"""Print how many recorded executions the interpreter repeats, by family (-v: the misses with the reason)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tests.interpreter.comparison import same_end, same_events
from tests.interpreter.recordings import VARIABLE, Recording, corpora, load_recordings, replay


@dataclass(frozen=True)
class Verdict:
    """What one recording says: `events` and `final` are the first differences found, or None."""

    recording: Recording
    final: str | None
    events: str | None


def judge(recording: Recording) -> Verdict:
    """Replay a recording and compare."""
    try:
        history = replay(recording).history
    except Exception as error:
        return Verdict(recording, repr(error), repr(error))
    final = None if same_end(history, recording.events) else f"{history[-1]} is not {recording.events[-1]}"
    return Verdict(recording, final, same_events(history, recording.events, ordered=not recording.forks))


def report(verdicts: Sequence[Verdict], title: str) -> tuple[int, int]:
    """Print the figure lines; returns the numbers of passed finals and events."""
    finals = sum(verdict.final is None for verdict in verdicts)
    events = sum(verdict.events is None for verdict in verdicts)
    print(f"{title} final: {finals}/{len(verdicts)}")  # noqa: T201
    print(f"{title} events: {events}/{len(verdicts)}")  # noqa: T201
    return finals, events


def print_misses(verdicts: Sequence[Verdict]) -> None:
    """Print the first difference of each recording that is not repeated."""
    for verdict in verdicts:
        if verdict.final or verdict.events:
            print(f"  {verdict.recording.name}: {(verdict.final or verdict.events or '')[:1500]}")  # noqa: T201


def _print_families(verdicts: Sequence[Verdict]) -> None:
    for family in sorted({verdict.recording.family for verdict in verdicts}):
        found = [verdict for verdict in verdicts if verdict.recording.family == family]
        finals = sum(verdict.final is None for verdict in found)
        events = sum(verdict.events is None for verdict in found)
        print(f"  {family}: final {finals}/{len(found)}, events {events}/{len(found)}")  # noqa: T201


def main(arguments: list[str]) -> None:
    """Report on all recordings."""
    folder = corpora()
    if folder is None:
        print(f"conformance: skipped, the environment variable {VARIABLE} names no folder")  # noqa: T201
        return
    verdicts = [judge(recording) for recording in load_recordings(folder)]
    for title, jsonata in (("histories jsonata", True), ("histories jsonpath", False)):
        found = [verdict for verdict in verdicts if verdict.recording.jsonata is jsonata]
        report(found, title)
        _print_families(found)
    report(verdicts, "histories")
    if "-v" in arguments:
        print_misses(verdicts)


if __name__ == "__main__":
    main(sys.argv[1:])
