"""Takes parts out of a machine until an execution of it and of each has few enough history events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from translator.analyses.components import strongly_connected
from translator.asl import Machine, Map, Parallel, State, States, inner_scopes, with_inner
from translator.asl_targets import targets
from translator.forecast.cycles import Cycle, Level
from translator.legalize.events.weight import HEAVY, Heavy, Weighing, Weight, batches, executions
from translator.legalize.split import Rounds, Split
from translator.legalize.split.cutting import Cutter, names_of
from translator.legalize.split.reading import ENDED, ways
from translator.legalize.split.region import MOST_EXITS, Region, Regions, may_move, reads_input
from translator.legalize.split.splitting import fitting

EVENTS_OF_A_PART: int = 8
"""Of a part's Task and of the Choice behind it."""


def split_runs(
    machine: Machine, name: str, declared: Mapping[str, int], most_events: int, most_bytes: int
) -> Split | None:
    """The machine with parts taken out, if a run may have too many events; `name` is its state machine's.

    `declared` are by node the most iterations. None if nothing was taken out; what cannot be stays, so runs
    may still be too long.
    """
    if not _may_be_long(machine.states, most_events):
        return None
    weighing = Weighing(declared, batches(machine.states))
    longest = max(weighing.of_run(scope).events for scope in executions(machine.states))
    cutter = Cutter(name, machine.comment, set(names_of(machine.states)))
    splitter = _Splitter(cutter, weighing, most_events, most_bytes)
    states = splitter.run(machine.states)
    if not cutter.parts:
        return None
    main = replace(machine, states=fitting(cutter, most_bytes)(states))
    return Split(main, tuple(cutter.parts), weighing.rounds, longest)


def _may_be_long(scope: States, most: int) -> bool:
    """A quick look: without loops and Maps no state is visited twice, and a visit takes six at most."""
    return _has_repeats(scope) or 6 * sum(1 for _ in names_of(scope)) > most


def _has_repeats(scope: States) -> bool:
    following = {name: targets(state) for name, state in scope.states.items()}
    if any(len(unit) > 1 or unit[0] in following[unit[0]] for unit in strongly_connected(following)):
        return True
    states = scope.states.values()
    return any(isinstance(one, Map) or any(map(_has_repeats, inner_scopes(one))) for one in states)


@dataclass(frozen=True)
class _Splitter:
    cutter: Cutter
    weighing: Weighing
    most: int
    """The events that an execution may have."""
    most_bytes: int

    @property
    def _allowed(self) -> int:
        """The events that an execution is filled up to: there must be room for retries, of three each."""
        return self.most * 4 // 5

    def run(self, scope: States) -> States:
        """The scope of an execution, made short enough if it is not."""
        scope = self._with_children(scope)
        if self.weighing.of_run(scope).events <= self.most * 24 // 25:
            return scope
        return self.reduced(scope, self._allowed)

    def _with_children(self, scope: States) -> States:
        """The scope with every child execution of its distributed Maps made short enough."""
        states = {name: self._with_children_of(state) for name, state in scope.states.items()}
        return States(scope.start_at, states)

    def _with_children_of(self, state: State) -> State:
        if not isinstance(state, Map) or state.distributed is None:
            return with_inner(state, self._with_children)
        return with_inner(state, self.run) if state.distributed.execution_type == "STANDARD" else state

    def reduced(self, scope: States, allowed: int) -> States:
        """The scope with few enough events in an execution, as far as it can be."""
        while True:
            weight = self.weighing.of_run(scope)
            if weight.events <= allowed:
                return scope
            less = self._less(weight, weight.level)
            if less is None:
                return scope
            scope = less

    def _less(self, weight: Weight, level: Level, header: str | None = None) -> States | None:
        """The scope with what takes most taken out or made less; None if nothing of the level can be."""
        found = (self._without(weight, heavy) for heavy in weight.heaviest(level))
        scope = next((scope for scope in found if scope is not None), None)
        return scope or self._without_stretch(weight, level, header)

    def _without_stretch(self, weight: Weight, level: Level, header: str | None) -> States | None:
        """The scope without the states in a row that take most; those of a loop that begins with `header`."""
        scope, sizes = weight.scope, weight.sizes(level)
        back = frozenset((name, header) for name in sizes if header and header in targets(scope.states[name]))
        every = dict.fromkeys(scope.states, self.most) | sizes
        found = Regions(scope, every, back, self.cutter.known).find(self._allowed // 2)
        heaviest = max(found, key=lambda one: one.size, default=None)
        return None if heaviest is None or heaviest.size < HEAVY else self._taken_out(weight, heaviest)

    def _without(self, weight: Weight, heavy: Heavy) -> States | None:
        scope = weight.scope
        if isinstance(heavy.part, Cycle):
            return self._without_loop(weight, heavy.part, heavy.events)
        if heavy.events > self._allowed:
            state = self._inside(scope.states[heavy.part])
            changed = States(scope.start_at, {**scope.states, heavy.part: state})
            less = self.weighing.of_state(changed, heavy.part)
            return changed if less < heavy.events else None
        return self._cut(weight, (heavy.part,), heavy.part)

    def _without_loop(self, weight: Weight, cycle: Cycle, events: int) -> States | None:
        if len(cycle.entries) > 1:
            return None
        inside = frozenset(cycle.states)
        states = tuple(name for name in weight.scope.states if name in inside)
        if events <= self._allowed:
            return self._cut(weight, states, cycle.header)
        each = weight.of_repeat(cycle)
        most, passages = self._allowed // (each + 2) - 1, weight.repeats(cycle) + 1
        executions = -(-passages // most) if most > 0 else self.most
        if executions * EVENTS_OF_A_PART > self._allowed // 2:
            less = self._less(weight, cycle.inside, cycle.header)
            if less is not None or most < 1:
                return less
        return self._in_rounds(weight, states, cycle, -(-passages // executions))

    def _in_rounds(self, weight: Weight, states: tuple[str, ...], cycle: Cycle, rounds: int) -> States | None:
        scope, header = weight.scope, cycle.header
        if not may_move(scope.states[header], is_entry=True):
            return None
        found = self._region(scope, states, header)
        if found is None:
            return None
        changed, start = self.cutter.cut(scope, found, rounds=rounds, fitting=self._fitting)
        node = weight.node_of(cycle)
        self.weighing.rounds[header] = Rounds(node, rounds - 1)
        self.weighing.rounds[start] = Rounds(node, weight.repeats(cycle) // rounds, is_of_executions=True)
        return changed

    @property
    def _fitting(self) -> Callable[[States], States]:
        return fitting(self.cutter, self.most_bytes)

    def _cut(self, weight: Weight, states: tuple[str, ...], entry: str) -> States | None:
        region = self._region(weight.scope, states, entry)
        return None if region is None else self._taken_out(weight, region)

    def _taken_out(self, weight: Weight, region: Region) -> States:
        changed, start = self.cutter.cut(weight.scope, region, fitting=self._fitting)
        for cycle in weight.level.cycles:
            if cycle.header == region.entry and not set(cycle.states) <= set(region.states):
                # The loop now begins with the part, which says nothing of its bound.
                node = weight.node_of(cycle)
                self.weighing.rounds[start] = Rounds(node, weight.repeats(cycle))
        return changed

    def _region(self, scope: States, states: tuple[str, ...], entry: str) -> Region | None:
        """The states as a region; None if they would mean something else in another machine."""
        inside = frozenset(states)
        following = [way.target for name in states for way in ways(scope.states[name])]
        exits = tuple(dict.fromkeys(one for one in following if one != ENDED and one not in inside))
        moving = (scope.states[name] for name in states)
        staying = (scope.states[name] for name in exits)
        if len(exits) > MOST_EXITS or not _may_part(moving, staying):
            return None
        return Region(entry, states, exits, 0)

    def _inside(self, state: State) -> State:
        """A fork or a Map with fewer events inside it, as far as that can be."""
        if isinstance(state, Map) and state.distributed is None:
            return replace(state, processor=self._as_part(state.processor))
        return self._branches(state) if isinstance(state, Parallel) else state

    def _branches(self, state: Parallel) -> Parallel:
        weights = [self.weighing.of_run(branch).events for branch in state.branches]
        branches = list(state.branches)
        total = sum(weights)
        for place in sorted(range(len(branches)), key=lambda one: -weights[one]):
            if total > self._allowed and weights[place] > EVENTS_OF_A_PART:
                branches[place] = self._as_part(branches[place])
                total += self.weighing.of_run(branches[place]).events - weights[place]
        return replace(state, branches=tuple(branches))

    def _as_part(self, scope: States) -> States:
        """The scope as one part, if it may be, itself short enough."""
        scope = self.reduced(scope, self._allowed)
        return self._cut(self.weighing.of_run(scope), tuple(scope.states), scope.start_at) or scope


def _may_part(moving: Iterable[State], staying: Iterable[State]) -> bool:
    return all(may_move(state, is_entry=False) for state in moving) and not any(map(reads_input, staying))
