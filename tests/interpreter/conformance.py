"""Prints how much of what was recorded of the service is repeated.

Run it as python -m tests.interpreter.conformance, or as make conformance.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.interpreter.comparison import same_end, same_events
from tests.interpreter.recordings import VARIABLE, Recording, corpora, load_recordings, replay
from tests.interpreter.state_recordings import judge_states
from tests.interpreter.suite import judge_suite
from tests.interpreter.verdict import Part, Verdict

_OLDER = "the recording is older than the field RedriveCount of the context object"
_PARTS = ("histories", "teststate", "jsonata")


def judge(recording: Recording) -> Verdict:
    """Replay a recorded execution and compare."""
    name, family = recording.name, recording.family
    try:
        history = replay(recording).history
    except Exception as error:
        return Verdict(name, family, repr(error), repr(error))
    events, ordered = recording.events, not recording.forks
    final = None if same_end(history, events) else f"{history[-1]} is not {events[-1]}"
    difference = same_events(history, events, ordered=ordered)
    if difference and same_events(_without_redrives(history), events, ordered=ordered) is None:
        difference = _OLDER
    return Verdict(name, family, final, difference)


def _without_redrives(history: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    texts = (json.dumps(event, default=str).replace(',\\"RedriveCount\\":0', "") for event in history)
    return [json.loads(text) for text in texts]


def parts(folder: Path, names: tuple[str, ...]) -> Iterator[Part]:
    """The named parts with the bars that they are held to."""
    if "histories" in names:
        recordings = load_recordings(folder)
        found = {mode: [judge(one) for one in recordings if one.jsonata is mode] for mode in (True, False)}
        yield Part("histories jsonata", found[True], 1.0, 0.98)
        yield Part("histories jsonpath", found[False], 0.95, 0.92)
    if "teststate" in names:
        yield Part("teststate", judge_states(folder), 0.9)
    if "jsonata" in names:
        yield Part("jsonata suite", judge_suite(folder), 0.99)


def main() -> int:
    """Print the figures; 1 where one is below its bar."""
    parser = argparse.ArgumentParser(prog="python -m tests.interpreter.conformance", description=__doc__)
    parser.add_argument("part", nargs="*", metavar="part", help=f"of {', '.join(_PARTS)}; all without any")
    parser.add_argument("--whole", action="store_true", help="print whole reasons, however long they are")
    chosen = parser.parse_args()
    unknown = set(chosen.part) - set(_PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    folder = corpora()
    if folder is None:
        place = os.environ.get(VARIABLE) or "nowhere"
        _say("conformance: skipped, nothing was judged. The recordings of the real service are not in this")
        _say(f"repository: set {VARIABLE} to their folder (looked for now: {place}). What is known of the")
        _say("service without them, `make test` holds: tests/interpreter")
        return 0
    below = 0
    for part in parts(folder, tuple(chosen.part) or _PARTS):
        for line in part.lines():
            _say(line if chosen.whole else _shortened(line))
        below += not part.holds
    return 1 if below else 0


def _shortened(line: str) -> str:
    return line if len(line) <= 500 else f"{line[:500]}…"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
