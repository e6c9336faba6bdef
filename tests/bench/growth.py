"""How compile time grows with the number of nodes, phases 1 to 6 (read to optimize), in seconds of CPU."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from random import Random
from time import process_time
from typing import Any, Final

from tests.bench.drawn import SERIES, mixed, mosaic
from tests.bench.figure import Figure
from tests.bench.scientific import definition_of
from translator.compiler import CompileOptions, compile_text
from translator.emit import emit

SMALL: Final = 1_000
LARGE: Final = 10_000
_REPEATS: Final = 3
_MOSAIC: Final = (8, 16, 3)
"""Rows, columns and colours that give 2,110 nodes."""


def compile_time(definition: dict[str, Any]) -> float:
    """Seconds of CPU from a definition's JSON text to the optimized machine."""
    text = json.dumps(definition)
    gc.collect()
    began = process_time()
    _ = compile_text(text).optimized
    return process_time() - began


def figures(large: int = LARGE) -> Iterator[Figure]:
    """By series the seconds for a small definition and the ratio of a large one, then single large graphs."""
    yield _warmed_up()
    for name, draw in SERIES.items():
        small = min(compile_time(draw(SMALL)) for _ in range(_REPEATS))
        yield Figure(f"{name}, seconds for {SMALL:,} nodes", small, 1.0, "below", 2)
        ratio = compile_time(draw(large)) / small
        bar = 12.0 * large / LARGE
        yield Figure(f"{name}, time of {large:,} nodes / {SMALL:,}", ratio, bar, digits=1)
    yield Figure("mixed graph of 1,000 nodes, seconds for all phases", _whole(mixed(1_000, 2)), 5, "below", 2)
    yield from _of_mosaic()


def _warmed_up() -> Figure:
    """What the first compilation of a process costs: imports, caches."""
    return Figure("first compilation of a process, seconds", compile_time(mixed(50)), digits=2)


def _whole(definition: dict[str, Any]) -> float:
    began = process_time()
    emit(compile_text(json.dumps(definition)).typed_machine)
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
    size = len(json.dumps(emit(compilation.typed_machine), separators=(",", ":"), ensure_ascii=False))
    yield Figure(f"mosaic of {nodes:,} nodes, kB of compact JSON", size / 1000, 1048.576, digits=1)
