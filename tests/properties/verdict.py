"""Judges one case: compiled at every optimize level, run, and compared with the semantics."""

from __future__ import annotations

import json
import signal
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Final

import yaml
from pydantic import ValidationError

from tests.properties.agreement import delays, disagreements, oracle, summary
from tests.properties.cases import Case
from tests.properties.certainty import is_certain
from tests.properties.graph import parts
from tests.properties.loops import Refused, loops_of
from tests.properties.machine import LEVELS, Level, at_level, compiled, execute
from tests.properties.shrinking import shrink
from translator.compiler import Compilation

SECONDS_OF_A_CASE: Final = 60.0
SECONDS_OF_SHRINKING: Final = 120.0
REFUSED: Final = "refused"
"""A drawn loop may read what an inner loop has always forgotten by then: that must be refused."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a case."""

    kind: str = ""
    """The kind of failure, empty if there is none."""
    level: Level = 0
    """The optimize level at which it shows."""
    told: tuple[str, ...] = ()
    status: str = REFUSED
    """How the run ended where all is well."""


class TooLong(Exception):  # noqa: N818
    """A case that does not come to an end."""


def judge(case: Case) -> Verdict:
    """The first failure at any level, or the status of the run; levels that give one machine run once."""
    below: list[Compilation] = []
    judged: dict[str, Verdict] = {}
    verdict = Verdict()
    for level in LEVELS:
        try:
            with limit(SECONDS_OF_A_CASE):
                below.append(at_level(below[-1], level) if below else compiled(case, level))
                verdict = _judged(case, below, judged)
        except TooLong as late:
            return Verdict("never ends", level, tuple(traceback.format_tb(late.__traceback__)[-4:]))
        except Exception as error:
            told = (str(error), *traceback.format_tb(error.__traceback__)[-3:])
            return Verdict(type(error).__name__, level, told)
        if verdict.kind:
            break
    return verdict


def _judged(case: Case, compilations: Sequence[Compilation], judged: dict[str, Verdict]) -> Verdict:
    """Of the last one; `judged` holds the verdicts by machine, which several levels may share."""
    plain, compilation = compilations[0], compilations[-1]
    # Neither what is refused nor where a barrier stands depends on the level.
    if any(one.code == "WF310" for one in plain.diagnostics) and _has_loops(case):
        return Verdict()
    text = compilation.sent_text
    if text not in judged:
        machine = execute(case, compilation, plain)
        found = disagreements(case, machine)
        has_barrier = any(one.code.startswith("WF4") for one in plain.diagnostics)
        late = [] if found or has_barrier else delays(case, machine)
        kind = "disagreement" if found else "delay without a note" if late else ""
        judged[text] = Verdict(kind, LEVELS[len(compilations) - 1], (*found, *late), machine.status)
    return judged[text]


def _has_loops(case: Case) -> bool:
    return any(loops_of(graph) for graph in parts(case.model()))


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raises TooLong in what does not end in time."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"not over after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _about(verdict: Verdict) -> tuple[str, str]:
    """What kind of failure it is, and whether it shows in how the run ended or in which node."""
    word = verdict.told[0].partition(" ")[0] if verdict.told else ""
    return verdict.kind, word if word in ("status", "error", "cause", "output", "never") else ""


def report(case: Case) -> str:
    """The smallest case that fails in the same way, with the machine and both runs."""
    first = judge(case)
    kind = first.kind
    end = monotonic() + (SECONDS_OF_SHRINKING if kind != "never ends" else 0.0)

    def fails_too(smaller: Case) -> bool:
        try:
            return monotonic() < end and is_certain(smaller) and _about(judge(smaller)) == _about(first)
        except (Refused, ValidationError):
            return False

    small = shrink(case, fails_too)
    verdict = judge(small)
    lines = [f"at level {verdict.level}: {kind}", *verdict.told, "", small.to_yaml()]
    if kind in ("disagreement", "delay without a note"):
        compilation = compiled(small, verdict.level)
        machine = execute(small, compilation)
        runs = json.loads(json.dumps(summary(machine, oracle(small, machine))))
        lines += [compilation.asl_text, yaml.safe_dump(runs, sort_keys=False, width=110)]
    return "\n".join(lines)
