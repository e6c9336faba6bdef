"""Shapes of published automation workflows: how many compile, into how many states, which run right.

How a shape becomes a definition is written in `tests/properties/shapes.py`. Counted are

- nodes: those of the definition that a trigger reaches, merges and other no-ops too;
- states: all of the machine, whatever they are for;
- an extra Choice: one that is neither a node's own nor the first of a machine, which tells triggers apart;
- barriers: notes WF401.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from time import process_time
from typing import Final, Literal

from tests.bench.figure import Figure, shared
from tests.properties.shape_cases import case_of
from tests.properties.shapes import Shape, definition_of, shapes
from tests.properties.verdict import judge
from translator.analyses.order import reached
from translator.asl import Choice, Machine, Parallel, State, States
from translator.compiler import Compilation, CompileOptions, compile_data
from translator.diagnostics import DiagnosticsError, SteploomError

REFUSALS: Final = frozenset({"WF302", "WF303"})
"""The kinds that may be: a loop with several ways in, a way out of it that is not its own."""
_SEED: Final = 20


@dataclass
class Tally:
    """What became of some shapes."""

    total: int = 0
    compiled: int = 0
    nodes: int = 0
    states: dict[int, int] = field(default_factory=lambda: {1: 0, 2: 0})
    """By optimize level."""
    with_barrier: int = 0
    with_extra_choice: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """By the code of the first error."""
    broken: Counter[str] = field(default_factory=Counter)
    """By kind of exception: our own bugs."""


def tally(some: Sequence[Shape]) -> Tally:
    """Compiles and verifies each shape's definition, at levels 1 and 2."""
    found = Tally(total=len(some))
    for shape in some:
        try:
            _count(found, _compiled(shape, 1), _compiled(shape, 2))
        except DiagnosticsError as error:
            found.refused[error.diagnostics[0].code] += 1
        except (SteploomError, ArithmeticError, LookupError, TypeError, ValueError, RuntimeError) as error:
            found.broken[type(error).__name__] += 1
    return found


def _compiled(shape: Shape, level: Literal[1, 2]) -> Compilation:
    compilation = compile_data(definition_of(shape), options=CompileOptions(optimize=level))
    _ = compilation.machine
    return compilation


def _count(found: Tally, first: Compilation, second: Compilation) -> None:
    found.compiled += 1
    found.nodes += len(reached(first.graph))
    for level, compilation in ((1, first), (2, second)):
        found.states[level] += sum(1 for _ in states_of(compilation.typed_machine.states))
    found.with_barrier += any(one.code == "WF401" for one in first.diagnostics)
    found.with_extra_choice += any(_extra_choices(first.typed_machine))


def states_of(scope: States) -> Iterator[tuple[str, State]]:
    """All states, those inside branches too."""
    for name, state in scope.states.items():
        yield name, state
        if isinstance(state, Parallel):
            for branch in state.branches:
                yield from states_of(branch)


def _extra_choices(machine: Machine) -> Iterator[str]:
    for name, state in states_of(machine.states):
        is_own = state.origin.role == "choice" or name == machine.states.start_at
        if isinstance(state, Choice) and not is_own:
            yield name


def figures(run_every: int) -> Iterator[Figure]:
    """The figures of all shapes; every so manieth of those that compile is also run."""
    some = shapes()
    began = process_time()
    found = tally(some)
    seconds = process_time() - began
    percent = shared(found.compiled, found.total)
    note = f"{found.compiled} of {found.total}"
    yield Figure("automation shapes that compile and verify, %", percent, 99.5, "at least", 2, note)
    named = sum(count for code, count in found.refused.items() if code in REFUSALS)
    kinds = ", ".join(f"{code}: {count}" for code, count in sorted(found.refused.items())) or "none"
    yield Figure("refused otherwise than by name", found.refused.total() - named, 0, digits=0, note=kinds)
    kinds = ", ".join(f"{kind}: {count}" for kind, count in sorted(found.broken.items()))
    yield Figure("stopped by a bug", found.broken.total(), 0, digits=0, note=kinds)
    yield from _of_states(found)
    yield Figure("automation shapes, seconds for all at two levels", seconds, digits=1)
    yield from _of_runs(some[::run_every])


def _of_states(found: Tally) -> Iterator[Figure]:
    one, two = (found.states[level] / max(found.nodes, 1) for level in (1, 2))
    yield Figure("states per node at level 1", one, 1.08)
    yield Figure("states per node at level 2", two, 0.8, "below")
    barrier = shared(found.with_barrier, found.compiled)
    yield Figure("shapes with a barrier, %", barrier, 3.1, digits=2, note=f"{found.with_barrier}")
    extra = shared(found.with_extra_choice, found.compiled)
    yield Figure("shapes with an extra Choice, %", extra, 5.1, digits=2, note=f"{found.with_extra_choice}")


def _of_runs(some: Sequence[Shape]) -> Iterator[Figure]:
    """Runs at every level, with decisions and failures by chance, each held to the semantics."""
    kinds = Counter(
        judge(case_of(shape, Random(f"{_SEED} {place}"))).kind for place, shape in enumerate(some)
    )
    refused = sum(kinds.pop(kind) for kind in list(kinds) if kind.startswith(DiagnosticsError.__name__))
    strayed = ", ".join(f"{kind}: {count}" for kind, count in sorted(kinds.items()) if kind)
    note = strayed or f"of {kinds.total()}; {refused} refused"
    yield Figure("runs that stray from the semantics", kinds.total() - kinds[""], 0, digits=0, note=note)
