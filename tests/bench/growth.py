"""How compile time grows with the number of nodes, phases 1 to 6 (read to optimize), in seconds of CPU.

Each compilation is of a definition with names of its own, so that nothing which an earlier one left behind
(expressions read, say) shortens it. Large and small are measured in turn, each time for about as long: a
small definition counts as the mean of so many that they have as many nodes as the large one. Whatever else
the machine does then weighs on both alike, and the best of several rounds is a fair ratio.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from time import process_time
from typing import Final

from tests.bench.drawn import SERIES, Definition, mixed, mosaic
from tests.bench.figure import Figure
from tests.bench.scientific import definition_of
from translator.compiler import Compilation, CompileOptions, compile_text
from translator.legalize import MAX_DEFINITION_BYTES

SMALL: Final = 1_000
LARGE: Final = 10_000
_ROUNDS: Final = 3
_NAME: Final = re.compile(r"(?<![A-Za-z])([nf]\d)")
"""Where the name of a node or flag begins in a drawn definition."""
_MOSAIC: Final = (8, 16, 3)
"""Rows, columns and colours that give 2,110 nodes."""


@dataclass(frozen=True)
class Stopwatch:
    """Measures compilations of which no two have names in common."""

    numbers: Iterator[int] = field(default_factory=count)

    def mean_of(self, count: int, draw: Callable[[int], Definition], nodes: int) -> float:
        """Seconds of CPU from a definition's JSON text to the optimized machine."""
        text = json.dumps(draw(nodes))
        return sum(self._compile_time(text) for _ in range(count)) / count

    def _compile_time(self, text: str) -> float:
        fresh = _NAME.sub(rf"x{next(self.numbers)}\1", text)
        gc.collect()
        began = process_time()
        _ = compile_text(fresh).optimized
        return process_time() - began


def figures(large: int = LARGE) -> Iterator[Figure]:
    """By series the seconds for a small definition and the ratio of a large one, then single large graphs."""
    watch = Stopwatch()
    yield Figure("first compilation of a process, seconds", watch.mean_of(1, mixed, 50), digits=2)
    for name, draw in SERIES.items():
        rounds = [
            (watch.mean_of(large // SMALL, draw, SMALL), watch.mean_of(1, draw, large))
            for _ in range(_ROUNDS)
        ]
        small, whole = (min(each) for each in zip(*rounds, strict=True))
        yield Figure(f"{name}, seconds for {SMALL:,} nodes", small, 1.0, "below", 2)
        bar = 12.0 * large / LARGE
        yield Figure(f"{name}, time of {large:,} nodes / {SMALL:,}", whole / small, bar, digits=1)
    yield Figure("mixed graph of 1,000 nodes, seconds for all phases", _whole(mixed(1_000, 2)), 5, "below", 2)
    yield from _of_mosaic()


def _whole(definition: Definition) -> float:
    began = process_time()
    _ = compile_text(json.dumps(definition)).machine
    return process_time() - began


def _of_mosaic() -> Iterator[Figure]:
    edges = mosaic(*_MOSAIC)
    nodes = 1 + max(node for edge in edges for node in edge)
    random = Random(1)
    estimates = {f"n{node}": random.lognormvariate(2, 1) for node in range(nodes)}
    compilation = compile_text(
        json.dumps(definition_of(edges, nodes)), options=CompileOptions(estimates=estimates)
    )
    _ = compilation.graph
    began = process_time()
    _ = compilation.regions
    seconds = process_time() - began
    yield Figure(f"mosaic of {nodes:,} nodes, seconds to structure", seconds, 5, "below", 2)
    sizes = _sizes(compilation)
    parts = f"of {len(sizes)} machines" if len(sizes) > 1 else "in one piece"
    yield Figure(f"mosaic of {nodes:,} nodes, kB of JSON in all", sum(sizes) / 1000, digits=1, note=parts)
    largest = max(sizes) / 1000
    yield Figure("mosaic, kB of the largest machine", largest, MAX_DEFINITION_BYTES / 1000, digits=1)


def _sizes(compilation: Compilation) -> list[int]:
    """Bytes of every machine as the service gets it; all of them are verified as they are emitted."""
    texts = [compilation.sent_text, *compilation.sent_parts.values()]
    return [len(text.encode()) for text in texts]
