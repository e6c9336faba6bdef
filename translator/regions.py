"""The tree of scopes that the structure phase finds: which parts run in one scope, which beside others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from translator.analyses.elements import Bits, Elements, members
from translator.analyses.loops import Loop
from translator.analyses.races import Race, races_of


@dataclass(frozen=True, slots=True)
class Single:
    """One node or one edge that nothing in its block runs beside."""

    element: int

    @property
    def bits(self) -> Bits:
        """Its elements."""
        return 1 << self.element


@dataclass(frozen=True, slots=True)
class Concurrent:
    """Parts that run side by side: each branch becomes a scope of its own.

    `loose` are edges that pass beside the branches with no node on them: empty branches, left out.
    """

    bits: Bits
    branches: tuple[Block, ...]
    loose: Bits


@dataclass(frozen=True, slots=True)
class Barrier:
    """A part that nesting cannot express as it is: all of `first` ends before `second` starts."""

    bits: Bits
    first: Block
    second: Block
    waits: bool = True
    """Whether `first` may take time; else it is no barrier to anything."""


Item: TypeAlias = Single | Concurrent | Barrier


@dataclass(frozen=True)
class Block:
    """Items that run in one scope, one at a time, in topological order."""

    bits: Bits
    items: tuple[Item, ...]

    @cached_property
    def item_of(self) -> dict[int, Item]:
        """The item that holds an element of the block."""
        return {element: self.items[place] for element, place in self.place_of.items()}

    @cached_property
    def place_of(self) -> dict[int, int]:
        """By element of the block, the place of its item."""
        return {element: place for place, item in enumerate(self.items) for element in _held(item)}


@dataclass(frozen=True)
class Regions:
    """The whole graph, or one iteration of a loop, structured."""

    elements: Elements
    root: Block
    loops: Mapping[int, Regions] = field(default_factory=dict)
    """By element the inner loop that it stands for."""
    loop: Loop | None = None
    """Of which loop this is an iteration."""

    @cached_property
    def races(self) -> Mapping[int, Race]:
        """By element every `join: first` that may cut something short."""
        return races_of(self.elements)

    def to_text(self) -> str:
        """An outline: nodes by id, concurrent parts and barriers indented."""
        return "\n".join(self._lines(self.root, 0)) + "\n"

    def barriers(self) -> Iterator[tuple[Regions, Barrier]]:
        """Every barrier with the part that it stands in, outermost first."""
        yield from ((self, barrier) for barrier in _barriers(self.root))
        for loop in self.loops.values():
            yield from loop.barriers()

    def nodes_of(self, bits: Bits) -> tuple[str, ...]:
        """The ids of the nodes among some elements, those inside loops too."""
        return tuple(node for element in members(bits) for node in self.elements.contents[element])

    def _lines(self, block: Block, depth: int) -> list[str]:
        indent = "  " * depth
        lines: list[str] = []
        for item in block.items:
            if isinstance(item, Single):
                lines += self._lines_of(item.element, depth)
            elif isinstance(item, Concurrent):
                lines.append(f"{indent}side by side")
                for branch in item.branches:
                    lines += [f"{indent}  branch", *self._lines(branch, depth + 2)]
            else:
                lines += [f"{indent}before the barrier", *self._lines(item.first, depth + 1)]
                lines += [f"{indent}after the barrier", *self._lines(item.second, depth + 1)]
        return lines

    def _lines_of(self, element: int, depth: int) -> list[str]:
        name, loop = self.elements.names[element], self.loops.get(element)
        if name is None:
            return []
        if loop is None:
            return ["  " * depth + name]
        return [f"{'  ' * depth}loop", *loop._lines(loop.root, depth + 1)]


def _held(item: Item) -> Iterable[int]:
    return (item.element,) if isinstance(item, Single) else members(item.bits)


def _barriers(block: Block) -> list[Barrier]:
    found: list[Barrier] = []
    for item in block.items:
        if isinstance(item, Barrier):
            own = [item] if item.waits else []
            found += [*own, *_barriers(item.first), *_barriers(item.second)]
        elif isinstance(item, Concurrent):
            for branch in item.branches:
                found += _barriers(branch)
    return found
