"""Many random cases in pieces, each noted down when it is done: a run that is broken off can go on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from tests.properties.definitions import generate
from tests.properties.sorts import SORTS
from tests.properties.verdict import judge

ROOT: Final = Path(__file__).parents[2]
PIECE: Final = 25
"""Cases: a piece takes some seconds."""


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Some cases of one sort: the seeds from `first` up to, and without, `end`."""

    sort: str
    first: int
    end: int

    @property
    def seeds(self) -> range:
        return range(self.first, self.end)


@dataclass(frozen=True)
class Done:
    """What the cases of a piece came to."""

    piece: Piece
    ends: Mapping[str, int]
    """How many runs ended how, by the status of the run."""
    wrong: tuple[tuple[int, str], ...]
    """The seeds of cases that are not as the semantics says, and what is wrong with each."""
    seconds: float

    def to_line(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def of_line(line: str) -> Done:
        read = json.loads(line)
        wrong = tuple((int(seed), str(what)) for seed, what in read["wrong"])
        return Done(Piece(**read["piece"]), read["ends"], wrong, float(read["seconds"]))


@dataclass(frozen=True)
class Journal:
    """A file with a line for each piece that is done; a line that was cut short counts as none."""

    path: Path
    _known: dict[Piece, Done] = field(default_factory=dict)

    @staticmethod
    def opened(path: Path) -> Journal:
        """With what an earlier run has left there."""
        journal = Journal(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_text().split("\n")[:-1] if path.exists() else []
        for done in map(Done.of_line, whole):
            journal._known[done.piece] = done
        path.write_text("".join(f"{line}\n" for line in whole))
        return journal

    def note(self, done: Done) -> None:
        self._known[done.piece] = done
        with self.path.open("a") as file:
            file.write(f"{done.to_line()}\n")

    def of(self, pieces: Sequence[Piece]) -> list[Done]:
        """What is done of these."""
        return [self._known[piece] for piece in pieces if piece in self._known]

    def left(self, pieces: Sequence[Piece]) -> list[Piece]:
        return [piece for piece in pieces if piece not in self._known]


def pieces_of(sorts: Sequence[str], first: int, end: int) -> list[Piece]:
    """All sorts by turns, so that a run that is broken off has seen something of each."""
    starts = range(first, end, PIECE)
    return [Piece(sort, start, min(start + PIECE, end)) for start in starts for sort in sorts]


def judged(piece: Piece) -> Done:
    """Runs the cases of a piece."""
    began = monotonic()
    ends: Counter[str] = Counter()
    wrong: list[tuple[int, str]] = []
    for seed in piece.seeds:
        verdict = judge(generate(Random(f"{piece.sort} {seed}"), SORTS[piece.sort]))
        if verdict.kind:
            first = next(iter(verdict.told), "")
            wrong.append((seed, f"{verdict.kind} at level {verdict.level}: {first}"))
        ends["wrong" if verdict.kind else verdict.status.lower()] += 1
    return Done(piece, dict(ends), tuple(wrong), round(monotonic() - began, 1))


def sources() -> str:
    """A hash of all that a verdict depends on, so that a journal is never taken up by another compiler."""
    read = hashlib.sha256()
    for room in ("translator", "tests/properties"):
        for file in sorted((ROOT / room).rglob("*.py")):
            read.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return read.hexdigest()[:12]


def summary(found: Sequence[Done]) -> Iterator[str]:
    """A line for each sort, one for all, and one for each case that is wrong."""
    by_sort: dict[str, Counter[str]] = {}
    for done in found:
        by_sort.setdefault(done.piece.sort, Counter()).update(done.ends)
    for sort, counted in sorted(by_sort.items()):
        ends = ", ".join(f"{number} {end}" for end, number in sorted(counted.items()))
        yield f"{sort}: {counted.total()} cases ({ends})"
    wrong = [
        (done.piece.sort, seed, what)
        for done in sorted(found, key=lambda one: one.piece)
        for seed, what in done.wrong
    ]
    total, seconds = sum(one.total() for one in by_sort.values()), sum(done.seconds for done in found)
    yield f"all sorts: {total} cases, {len(wrong)} wrong, {seconds:.0f} s of work"
    yield from (f'  "{sort}" {seed}: {what}' for sort, seed, what in wrong)
