"""One scope while states vanish from it, with who leads where kept at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from translator.asl import Machine, State, States, with_inner
from translator.optimize.ways import ways_of, with_ways


@dataclass
class Scope:
    """The states of one scope by key, and by key the states that lead there, once for each way."""

    start: str
    states: dict[str, State]
    depth: int = 0
    """How many scopes are around it."""
    leading: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, states: States, depth: int) -> Scope:
        """The scope as it is now."""
        scope = cls(states.start_at, dict(states.states), depth, {key: [] for key in states.states})
        for key, state in states.states.items():
            scope._count(key, state)
        return scope

    def frozen(self) -> States:
        """The scope as it has become."""
        return States(self.start, self.states)

    def is_reached_once(self, key: str) -> bool:
        """Whether one way of one state is all that leads to a state."""
        return key != self.start and len(self.leading[key]) == 1

    def put(self, key: str, state: State) -> None:
        """Replaces a state."""
        self._forget(key)
        self.states[key] = state
        self._count(key, state)

    def drop(self, key: str) -> None:
        """Removes a state that nothing leads to any more."""
        self._forget(key)
        del self.states[key], self.leading[key]

    def drop_unreached(self) -> None:
        """Removes what the start does not lead to, loops of their own too."""
        reached = {self.start}
        pending = [self.start]
        while pending:
            targets = {way.target for way in ways_of(self.states[pending.pop()])} - reached
            found = [target for target in targets if target is not None]
            reached.update(found)
            pending += found
        gone = [key for key in self.states if key not in reached]
        for key in gone:
            self._forget(key)
        for key in gone:
            del self.states[key], self.leading[key]

    def lead_past(self, key: str, following: str) -> None:
        """Leads whatever led to one state to another one, and removes it."""
        for name in dict.fromkeys(self.leading[key]):
            state = self.states[name]
            ways = [replace(way, target=following) if way.target == key else way for way in ways_of(state)]
            self.put(name, with_ways(state, ways))
        self.start = following if self.start == key else self.start
        self.drop(key)

    def _count(self, key: str, state: State) -> None:
        for way in ways_of(state):
            if way.target is not None:
                self.leading[way.target].append(key)

    def _forget(self, key: str) -> None:
        for way in ways_of(self.states[key]):
            if way.target is not None:
                self.leading[way.target].remove(key)


def in_every_scope(machine: Machine, change: Callable[[Scope], None]) -> Machine:
    """The machine with each scope changed, inner ones first."""
    return replace(machine, states=_changed(machine.states, change, 0))


def _changed(states: States, change: Callable[[Scope], None], depth: int) -> States:
    def inside(inner: States) -> States:
        return _changed(inner, change, depth + 1)

    own = {key: with_inner(state, inside) for key, state in states.states.items()}
    scope = Scope.of(States(states.start_at, own), depth)
    change(scope)
    return scope.frozen()
