"""Prints every figure beside its bar: python -m tests.bench [--all] [part ...]."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from time import monotonic

from steploom.progress import progress
from tests.bench import automation, beside_moto, growth, scientific
from tests.bench.figure import Figure
from tests.interpreter import bench as interpreter
from tests.properties.shapes import CORPORA

Figures = Iterator[Figure]

NEEDS_CORPORA = frozenset({"scientific", "automation"})


def main() -> None:
    """Prints the figures of the parts that are named, of all parts if none is."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--all", action="store_true", help="run every shape, and more seeds of noise")
    parser.add_argument("part", nargs="*", metavar="part", help=f"one of {', '.join(_parts(whole=False))}")
    chosen = parser.parse_args()
    parts = _parts(whole=chosen.all)
    unknown = set(chosen.part) - set(parts)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    names = chosen.part or list(parts)
    with progress("parts", len(names)) as tell:
        for number, name in enumerate(names, 1):
            _print(name, parts[name])
            tell(number)


def _parts(*, whole: bool) -> Mapping[str, Callable[[], Figures]]:
    return {
        "scientific": lambda: scientific.figures(seeds=10 if whole else 2),
        "automation": lambda: automation.figures(run_every=1 if whole else 20),
        "growth": growth.figures,
        "interpreter": interpreter.figures,
        "moto": beside_moto.figures,
    }


def _print(name: str, figures: Callable[[], Figures]) -> None:
    if name in NEEDS_CORPORA and CORPORA not in os.environ:
        _say(f"{name}: skipped, {CORPORA} names no folder with recorded graphs")
        return
    began = monotonic()
    for figure in figures():
        _say(figure.to_line())
    _say(f"-- {name}: {monotonic() - began:.0f} s")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
