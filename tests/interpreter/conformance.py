"""Print how many recorded executions the interpreter repeats (-v: the misses, --all: JSONPath too)."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from tests.interpreter.comparison import same_end, same_events
from tests.interpreter.recordings import VARIABLE, Recording, corpora, load_recordings, replay


@dataclass(frozen=True)
class Verdict:
    """What one recording says: `events` and `final` are the first differences found, or None."""

    name: str
    final: str | None
    events: str | None


def judge(recording: Recording) -> Verdict:
    """Replay a recording and compare."""
    try:
        history = replay(recording).history
    except Exception as error:
        return Verdict(recording.name, repr(error), repr(error))
    final = None if same_end(history, recording.events) else f"{history[-1]} is not {recording.events[-1]}"
    return Verdict(recording.name, final, same_events(history, recording.events, ordered=not recording.forks))


def report(recordings: list[Recording], title: str, *, verbose: bool) -> tuple[int, int]:
    """Print the figure lines; returns the numbers of passed finals and events."""
    verdicts = [judge(recording) for recording in recordings]
    finals = sum(verdict.final is None for verdict in verdicts)
    events = sum(verdict.events is None for verdict in verdicts)
    print(f"{title} final: {finals}/{len(verdicts)}")  # noqa: T201
    print(f"{title} events: {events}/{len(verdicts)}")  # noqa: T201
    for verdict in verdicts:
        if verbose and (verdict.final or verdict.events):
            print(f"  {verdict.name}: {(verdict.final or verdict.events or '')[:1500]}")  # noqa: T201
    return finals, events


def main(arguments: list[str]) -> None:
    """Report on all recordings."""
    folder = corpora()
    if folder is None:
        print(f"conformance: skipped, the environment variable {VARIABLE} names no folder")  # noqa: T201
        return
    recordings = load_recordings(folder)
    report([one for one in recordings if one.jsonata], "histories jsonata", verbose="-v" in arguments)
    if "--all" in arguments:
        report(recordings, "histories all", verbose="-v" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
