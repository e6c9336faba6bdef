"""Folds a Pass into its neighbours: what it assigns is assigned on every way to it, or by what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from translator.asl import Assigns, Choice, Fail, Machine, Origin, Pass, State, States, with_inner
from translator.lower.substitution import substituted
from translator.optimize.drop_unread import is_output
from translator.optimize.forward import folded_forward, is_foldable_forward
from translator.optimize.reading import is_repeatable, reads_its_input, reads_its_place, reads_variables
from translator.optimize.ways import Way, can_end, ways_of, with_ways

Chosen: TypeAlias = Callable[[Pass], bool]
"""Which of the Passes that may be folded shall be."""


def fold(machine: Machine, chosen: Chosen) -> Machine:
    """The machine without the chosen Passes, wherever a neighbour can do the same.

    The state that does a node's work for it names the node in its origin.
    """
    return replace(machine, states=_folded(machine.states, chosen))


def _folded(scope: States, chosen: Chosen) -> States:
    inside = {
        key: with_inner(state, lambda inner: _folded(inner, chosen)) for key, state in scope.states.items()
    }
    folding = _Folding(scope.start_at, inside)
    for key in list(folding.states):
        state = folding.states[key]
        if isinstance(state, Pass) and state.origin.role == "pass" and chosen(state):
            folding.try_to_fold(key, state)
    return States(folding.start, folding.states)


@dataclass
class _Folding:
    """One scope while Passes vanish from it."""

    start: str
    states: dict[str, State]

    def try_to_fold(self, key: str, state: Pass) -> None:
        """Into all states that lead to it if each of them can, else into the one that follows."""
        if reads_its_place(state) or self._hands_on_its_output(state):
            return
        leading = list(self._leading_to(key))
        if key != self.start and leading and all(self._takes(each, key, state) for each in leading):
            for each in leading:
                self.states[each] = _with_pass(self.states[each], key, state)
            del self.states[key]
            return
        following = self._follower(key, state)
        if following is not None:
            self.states[following] = folded_forward(state, self.states[following])
            self._replace(key, following)

    def _hands_on_its_output(self, state: Pass) -> bool:
        """Whether a state of the scope reads what the one before it gave."""
        others = (other for key, other in self.states.items() if key != self.start)
        return state.next is not None and any(reads_its_input(other) for other in others)

    def _leading_to(self, key: str) -> Iterator[str]:
        for name, state in self.states.items():
            if any(way.target == key for way in ways_of(state)):
                yield name

    def _takes(self, leading: str, key: str, state: Pass) -> bool:
        """Whether a state can do the Pass's work as it leaves, and a history then tells that it did."""
        before = self.states[leading]
        if leading == key or before.origin.node == state.origin.node:
            return False
        outputs, read = outputs_of(state), reads_variables(state)
        for place, way in enumerate(ways_of(before)):
            if way.target == key and state.next is None and not can_end(before, place):
                return False
            if way.target != key and not outputs.isdisjoint(way.assign):
                return False
            if way.target == key and not all(
                is_repeatable(way.assign[name]) for name in read & way.assign.keys()
            ):
                return False
        return bool(outputs)

    def _follower(self, key: str, state: Pass) -> str | None:
        """The state behind the Pass if nothing else leads there and it can do the Pass's work first."""
        following = state.next
        if following is None or following in (key, self.start):
            return None
        arrivals = [way for each in self.states.values() for way in ways_of(each) if way.target == following]
        fits = len(arrivals) == 1 and is_foldable_forward(state, self.states[following])
        return following if fits else None

    def _replace(self, key: str, following: str) -> None:
        """Leads to `following`, under the place of the state that is no more."""
        self.start = following if self.start == key else self.start
        moved = self.states.pop(following)
        states = {following if name == key else name: state for name, state in self.states.items()}
        states[following] = moved
        for name, state in states.items():
            ways = [replace(way, target=following) if way.target == key else way for way in ways_of(state)]
            states[name] = with_ways(state, ways)
        self.states = states


def _are_repeatable(assign: Assigns, names: frozenset[str]) -> bool:
    return all(is_repeatable(assign[name]) for name in names & assign.keys())


def outputs_of(state: Pass) -> frozenset[str]:
    """The variables that hold the outputs of all nodes whose work the Pass does; none if one has none."""
    nodes = (*state.origin.before, state.origin.node, *state.origin.after)
    found = [name for node in nodes for name in state.assign if is_output(name, node)]
    return frozenset(found) if len(found) >= len(nodes) else frozenset()


def _with_pass(before: State, key: str, state: Pass) -> State:
    """The state that leads to a Pass, doing its work too."""
    ways: list[Way] = []
    output = None
    for way in ways_of(before):
        if way.target == key:
            given = {name: substituted(value, way.assign) for name, value in state.assign.items()}
            output = substituted(state.output, way.assign)
            ways.append(Way(state.next, {**way.assign, **given}))
        else:
            ways.append(way)
    done = with_ways(before, ways)
    if state.next is None and state.has_output and not isinstance(done, (Choice, Fail)):
        done = replace(done, output=output, has_output=True)
    return replace(done, origin=_with_node(before.origin, state.origin))


def _with_node(origin: Origin, folded: Origin) -> Origin:
    nodes = (*folded.before, folded.node, *folded.after)
    return replace(origin, after=(*origin.after, *nodes))
