"""Holds compiled machines to the semantics on many random cases: python -m tests.properties [sort ...].

Broken off, it goes on where it was, as long as compiler and properties are the same.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

from steploom.progress import progress
from tests.properties.definitions import generate
from tests.properties.nightly import ROOT, Done, Journal, Piece, judged, pieces_of, sources, summary
from tests.properties.sorts import SORTS
from tests.properties.verdict import judge, report


def main() -> int:
    """Judges what is left of the chosen cases; 1 if any of them is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.properties", description=__doc__)
    parser.add_argument(
        "sort", nargs="*", metavar="sort", help=f"of: {', '.join(SORTS)}; all if none is named"
    )
    parser.add_argument("--cases", type=int, default=20_000, help="how many, of all the sorts together")
    parser.add_argument("--first", type=int, default=0, help="the first seed of each sort")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--show", type=int, metavar="SEED", help="tell of one case of one sort what is wrong")
    chosen = parser.parse_args()
    sorts = chosen.sort or list(SORTS)
    if set(sorts) - set(SORTS):
        parser.error(f"no such sort: {', '.join(sorted(set(sorts) - set(SORTS)))}")
    if chosen.show is not None:
        return _show(sorts[0], chosen.show)
    each = -(-chosen.cases // len(sorts))
    pieces = pieces_of(sorts, chosen.first, chosen.first + each)
    journal = Journal.opened(ROOT / "build" / "nightly" / f"{sources()}.jsonl")
    _run(journal, pieces, chosen.workers)
    found = journal.of(pieces)
    for line in summary(found):
        _say(line)
    return 1 if any(done.wrong for done in found) else 0


def _run(journal: Journal, pieces: list[Piece], workers: int) -> None:
    left = journal.left(pieces)
    _say(f"{len(left)} of {len(pieces)} pieces to do, noted in {_short(journal.path)}")
    with ProcessPoolExecutor(workers) as pool, progress("pieces", len(left)) as tell:
        for number, done in enumerate(pool.map(judged, left), 1):
            journal.note(done)
            _tell(done)
            tell(number)


def _tell(done: Done) -> None:
    for seed, what in done.wrong:
        _say(f'"{done.piece.sort}" {seed}: {what}')


def _show(sort: str, seed: int) -> int:
    case = generate(Random(f"{sort} {seed}"), SORTS[sort])
    is_wrong = bool(judge(case).kind)
    _say(report(case) if is_wrong else f'"{sort}" {seed} is as the semantics says')
    return int(is_wrong)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
