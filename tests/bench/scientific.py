"""Scientific workflows: how much longer nesting makes the longest way through a graph.

One `function` node per node of the graph, one edge per edge; nothing else. The ideal is the longest way
through the graph, the compiled one the longest way through the emitted machine; no node counts less than
`FLOOR` seconds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from random import Random
from statistics import fmean
from time import process_time
from typing import Any, Final, TypeAlias

from tests.bench.critical_path import critical_path, ideal
from tests.bench.figure import Figure
from tests.properties.shapes import CORPORA
from translator.compiler import Compilation, CompileOptions, compile_data
from translator.diagnostics import DiagnosticsError
from translator.emit import emit

Instance: TypeAlias = Mapping[str, Any]

FLOOR: Final = 0.001
NOISE: Final = 0.5
"""The sigma of the factors, exponentials of normal deviates, that estimates are off by."""
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Outcome:
    """One graph, compiled: lengths of its longest way as shares of the ideal."""

    nodes: int
    series_parallel: bool
    is_verified: bool
    compiled: float
    recursive_barrier: float


def instances() -> Sequence[Instance]:
    """All graphs of the corpus; raises KeyError where `STEPLOOM_CORPORA` is not set."""
    path = Path(os.environ[CORPORA]) / "graphs" / "wfinstances_dev.json"
    loaded: Sequence[Instance] = json.loads(path.read_text())
    return loaded


def definition_of(edges: list[list[int]], nodes: int) -> dict[str, Any]:
    """The definition with a `function` node for each node."""
    work = {"type": "function", "parameters": {"function": "work", "arguments": {}}}
    return {
        "id": "scientific",
        "nodes": [{"id": f"n{node}", **work} for node in range(nodes)],
        "edges": [{"from": f"n{source}", "to": f"n{target}"} for source, target in edges],
    }


def measured(instance: Instance, estimates: Sequence[float], *, exact: bool) -> Outcome:
    """Compiles one graph for some estimates; how long it then takes is counted with the true times."""
    edges, runtime = instance["edges"], instance["runtime"]
    by_node = {f"n{node}": seconds for node, seconds in enumerate(estimates)}
    options = CompileOptions(estimates=by_node, exact_estimates=exact)
    compilation = compile_data(definition_of(edges, len(runtime)), options=options)
    taken = critical_path(emit(compilation.typed_machine), _seconds(compilation, runtime))
    least = ideal(edges, runtime, FLOOR)
    return Outcome(
        len(runtime),
        instance["series_parallel"],
        _is_verified(compilation),
        taken / least,
        max(1.0, instance["recursive_barrier"] / least),
    )


def _seconds(compilation: Compilation, runtime: Sequence[float]) -> dict[str, float]:
    origins = compilation.source_map.states
    return {
        name: max(FLOOR, runtime[int(origin.node[1:])]) for name, origin in origins if origin.role == "task"
    }


def _is_verified(compilation: Compilation) -> bool:
    try:
        _ = compilation.machine
    except DiagnosticsError:
        return False
    return True


def figures(seeds: int) -> Iterator[Figure]:
    """The figures with exact estimates, then with noise of some seeds."""
    some = instances()
    began = process_time()
    exact = [measured(each, each["runtime"], exact=True) for each in some]
    seconds = process_time() - began
    verified = sum(each.is_verified for each in exact)
    yield Figure("scientific graphs that compile and verify", verified, len(exact), "at least", 0)
    yield Figure("scientific graphs, seconds for all", seconds, digits=1)
    plain = [each.compiled for each in exact if each.series_parallel]
    yield Figure("series-parallel, longest way / ideal, max", max(plain), 1.0001, digits=6)
    others = [each for each in exact if not each.series_parallel]
    yield from _of_others(others)
    if seeds:
        yield _with_noise([each for each in some if not each["series_parallel"]], seeds)


def _of_others(others: Sequence[Outcome]) -> Iterator[Figure]:
    ratios = sorted(each.compiled for each in others)
    above = sum(each.compiled > each.recursive_barrier + _SLACK for each in others)
    yield Figure("other graphs above recursive_barrier", above, 0, digits=0, note=f"of {len(others)}")
    yield Figure("other graphs, longest way / ideal, mean", fmean(ratios), 1.001, digits=6)
    yield Figure("other graphs, longest way / ideal, p90", ratios[int(len(ratios) * 0.9)], 1.005, digits=6)
    yield Figure("other graphs, longest way / ideal, max", ratios[-1], 1.015, digits=6)


def _with_noise(some: Sequence[Instance], seeds: int) -> Figure:
    ratios = [
        measured(each, _off(each["runtime"], Random(seed)), exact=False).compiled
        for seed in range(seeds)
        for each in some
    ]
    name = "other graphs, longest way / ideal, mean with lognormal(0.5) noise"
    return Figure(name, fmean(ratios), 1.02, digits=6, note=f"{seeds} seeds")


def _off(runtime: Sequence[float], random: Random) -> list[float]:
    return [max(FLOOR, seconds) * exp(random.gauss(0, NOISE)) for seconds in runtime]
