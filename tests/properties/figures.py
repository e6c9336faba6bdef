"""How many shapes of published workflows compile, and into how many states.

`python -m tests.properties.figures [n]` prints the figures, of every n-th shape if n is given.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.properties.shapes import Shape, definition_of, shapes
from translator.asl import Parallel, States
from translator.compiler import compile_data
from translator.diagnostics import DiagnosticsError, SteploomError


@dataclass(frozen=True)
class Figures:
    """What became of some shapes."""

    total: int
    compiled: int
    refused: Counter[str]
    """By the code of the first error: definitions that got a diagnostic."""
    broken: Counter[str]
    """By kind of exception: definitions that our own bugs stopped."""
    states_per_node: float
    with_barrier: int

    def to_lines(self) -> list[str]:
        """One figure a line."""
        lines = [
            f"automation shapes that compile: {self.compiled}/{self.total}",
            f"automation shapes, states per node: {self.states_per_node:.3f}",
            f"automation shapes with a barrier: {self.with_barrier}/{self.compiled}",
        ]
        lines += [
            f"automation shapes refused with {code}: {count}" for code, count in sorted(self.refused.items())
        ]
        return lines + [
            f"automation shapes stopped by a bug ({kind}): {count}" for kind, count in self.broken.items()
        ]


def figures(some: Iterable[Shape]) -> Figures:
    """Compiles each shape's definition."""
    refused: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    total = compiled = states = nodes = barriers = 0
    for shape in some:
        total += 1
        try:
            compilation = compile_data(definition_of(shape))
            _ = compilation.machine
            found = count_states(compilation.typed_machine.states)
        except DiagnosticsError as error:
            refused[error.diagnostics[0].code] += 1
            continue
        except (SteploomError, ArithmeticError, LookupError, TypeError, ValueError, RuntimeError) as error:
            broken[type(error).__name__] += 1
            continue
        compiled += 1
        states += found
        nodes += len(compilation.graph.nodes)
        barriers += any(one.code.startswith("WF4") for one in compilation.diagnostics)
    return Figures(total, compiled, refused, broken, states / max(nodes, 1), barriers)


def count_states(scope: States) -> int:
    """All states, those inside branches too."""
    inner = (state.branches for state in scope.states.values() if isinstance(state, Parallel))
    return len(scope.states) + sum(count_states(branch) for branches in inner for branch in branches)


if __name__ == "__main__":
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print("\n".join(figures(shapes()[::every]).to_lines()))  # noqa: T201
