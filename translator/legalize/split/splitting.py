"""Takes parts out of a machine until it and they have few enough bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from translator.asl import Machine, Map, Parallel, State, States, inner_scopes
from translator.emit import emit, emit_scope, to_compact_text
from translator.legalize.size import sent_bytes
from translator.legalize.split.branches import grouped, is_groupable
from translator.legalize.split.cutting import Cutter, Split, names_of
from translator.legalize.split.region import Region, Regions, jumps_back, whole

_OVERHEAD: Final = 2_500
"""Bytes that a part needs besides the states that it takes over, and that its start needs."""
_ATTEMPTS: Final = 4


def split(machine: Machine, name: str, most_bytes: int) -> Split:
    """The machine with parts taken out, if it has more bytes; `name` is that of its state machine.

    What cannot be taken out stays, so the result may still be too large.
    """
    if sent_bytes(to_compact_text(emit(machine))) <= most_bytes:
        return Split(machine, ())
    cutter = Cutter(name, machine.comment, set(names_of(machine.states)))
    states = reduced(machine.states, cutter, most_bytes)
    return Split(replace(machine, states=states), tuple(cutter.parts))


def reduced(scope: States, cutter: Cutter, most_bytes: int) -> States:
    """A machine's scope with parts taken out until it and they have few enough bytes."""
    splitter = _Splitter(cutter, most_bytes - _OVERHEAD)
    return splitter.reduced(scope, splitter.most)


def fitting(cutter: Cutter, most_bytes: int) -> Callable[[States], States]:
    """What makes a scope small enough for a machine of its own, if it is not."""

    def fit(scope: States) -> States:
        size = sent_bytes(to_compact_text(emit_scope(scope)))
        return scope if size <= most_bytes - _OVERHEAD else reduced(scope, cutter, most_bytes)

    return fit


@dataclass
class _Splitter:
    """Takes parts out of scopes, which with them may have `most` bytes."""

    cutter: Cutter
    most: int
    _sizes: dict[int, tuple[State, int]] = field(default_factory=dict)
    _done: dict[int, States] = field(default_factory=dict)
    """By identity the branches that are as small as they can be."""

    def reduced(self, scope: States, allowed: int) -> States:
        """The scope with no more bytes than allowed, as far as it can be."""
        scope = States(
            scope.start_at,
            {name: self._fitting(state, self.most - 2 * _OVERHEAD) for name, state in scope.states.items()},
        )
        excess = self._size_of(scope) - allowed
        if excess <= 0:
            return scope
        for _ in range(_ATTEMPTS):
            scope = self._without(scope, self._chosen(scope, excess))
            excess = self._size_of(scope) - allowed
            if excess <= 0:
                return scope
        return self._inside_reduced(scope, allowed)

    def _without(self, scope: States, regions: Iterable[Region]) -> States:
        """The scope without regions of it, of which one may lead back to another."""
        renamed: dict[str, str] = {}
        for region in regions:
            exits = tuple(renamed.get(name, name) for name in region.exits)
            scope, renamed[region.entry] = self.cutter.cut(scope, replace(region, exits=exits))
        return scope

    def _chosen(self, scope: States, excess: int) -> list[Region]:
        """The largest regions that are enough, in the order in which they run."""
        found = [region for region in self._regions(scope) if region.size > _OVERHEAD]
        chosen: set[str] = set()
        for region in sorted(found, key=lambda one: -one.size):
            if excess > 0:
                chosen.add(region.entry)
                excess -= region.size - _OVERHEAD // 2
        return [region for region in found if region.entry in chosen]

    def _regions(self, scope: States) -> Iterator[Region]:
        sizes = {name: self._size(state) for name, state in scope.states.items()}
        most = self.most - _OVERHEAD
        return Regions(scope, sizes, jumps_back(scope, sizes, most)).find(most)

    def _inside_reduced(self, scope: States, allowed: int) -> States:
        """The largest forks of a scope reduced, while it is still too large."""
        states = dict(scope.states)
        for name in sorted(states, key=lambda one: -self._size(states[one])):
            excess = self._size_of(States(scope.start_at, states)) - allowed
            if excess <= 0 or not inner_scopes(states[name]):
                break
            states[name] = self._fitting(states[name], max(self._size(states[name]) - excess, 0))
        return States(scope.start_at, states)

    def _fitting(self, state: State, allowed: int) -> State:
        """A fork or a Map with no more bytes than allowed, as far as it can be."""
        if self._size(state) <= allowed:
            return state
        if isinstance(state, Map):
            if state.distributed is not None and state.distributed.execution_type == "EXPRESS":
                return state  # an Express execution cannot wait for another one
            around = self._size(state) - self._size_of(state.processor)
            return replace(state, processor=self.reduced(state.processor, max(allowed - around, 0)))
        if isinstance(state, Parallel):
            return self._branches_reduced(state, allowed)
        return state

    def _branches_reduced(self, state: Parallel, allowed: int) -> Parallel:
        branches = tuple(map(self._reduced_once, state.branches))
        state = replace(state, branches=branches)
        if not is_groupable(state):
            return state
        spare, kept, taken = 0, len(self.cutter.parts), frozenset(self.cutter.taken)
        found = state
        for _ in range(_ATTEMPTS):
            del self.cutter.parts[kept:]
            self.cutter.taken = set(taken)
            groups = self._groups(state, self._size(state) - allowed + spare)
            found = self._grouped(state, groups) if groups else state
            over = self._size(found) - allowed
            if over <= 0:
                break
            # What reads the branches' results gets longer, too.
            spare += over + _OVERHEAD
        return found

    def _reduced_once(self, branch: States) -> States:
        """The branch as small as a machine should be; trying again at every level around would never end."""
        if id(branch) in self._done:
            return branch
        found = self.reduced(branch, self.most - _OVERHEAD)
        self._done[id(found)] = found
        return found

    def _groups(self, state: Parallel, excess: int) -> list[list[int]]:
        """Branches to be taken out together, by their places; only where that makes the fork smaller."""
        most = self.most - _OVERHEAD
        groups: list[tuple[int, list[int]]] = []
        for place, branch in enumerate(state.branches):
            size = self._size_of(branch)
            if excess <= 0:
                break
            if size > most or whole(branch, size) is None:
                continue
            if not groups or groups[-1][0] + size > most:
                groups.append((0, []))
                excess += _OVERHEAD
            groups[-1] = (groups[-1][0] + size, [*groups[-1][1], place])
            excess -= size
        return [places for size, places in groups if size > 2 * _OVERHEAD]

    def _grouped(self, state: Parallel, groups: list[list[int]]) -> Parallel:
        together = grouped(state, groups, self.cutter.free_name)
        branches = list(together.branches)
        for place in range(len(groups)):
            region = whole(branches[place], self._size_of(branches[place]))
            if region is not None:
                branches[place] = self.cutter.without(branches[place], region)
        return replace(together, branches=tuple(branches))

    def _size(self, state: State) -> int:
        if id(state) not in self._sizes:
            text = to_compact_text(emit_scope(States("", {"": state})))
            self._sizes[id(state)] = (state, sent_bytes(text) + 40)
        return self._sizes[id(state)][1]

    def _size_of(self, scope: States) -> int:
        return sum(self._size(state) + len(name.encode()) for name, state in scope.states.items())
