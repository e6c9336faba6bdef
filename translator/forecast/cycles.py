"""The loops of a scope, one inside the other, and the order of what follows one another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from translator.analyses.components import strongly_connected
from translator.asl import States
from translator.asl_targets import targets


@dataclass(frozen=True, slots=True)
class Cycle:
    """States that repeat: an iteration begins with `header`, which `entries` lead to from outside."""

    header: str
    entries: tuple[str, ...]
    """The states that the cycle is entered at; nearly always the header alone."""
    count: str
    """What its number of repeats is called: how often a jump inside the cycle leads to the header."""
    inside: Level

    @property
    def states(self) -> Iterator[str]:
        """All its states, those of inner cycles too."""
        return self.inside.states


@dataclass(frozen=True, slots=True)
class Level:
    """States and whole cycles; what follows stands before what it follows."""

    parts: tuple[str | Cycle, ...]

    @property
    def states(self) -> Iterator[str]:
        """All states, those of cycles too."""
        for part in self.parts:
            if isinstance(part, Cycle):
                yield from part.states
            else:
                yield part

    @property
    def cycles(self) -> Iterator[Cycle]:
        """All cycles, an inner one behind the one around it."""
        for part in self.parts:
            if isinstance(part, Cycle):
                yield part
                yield from part.inside.cycles


def level_of(scope: States, name_count: Callable[[str], str]) -> Level:
    """The states of a scope in order; `name_count` gives a cycle's count by its header, once for each."""
    following = {name: targets(state) for name, state in scope.states.items()}
    return _level(frozenset((scope.start_at,)), following, name_count)


def _level(
    starts: frozenset[str], following: Mapping[str, Iterable[str]], name_count: Callable[[str], str]
) -> Level:
    """`starts` are entered from outside of the level."""
    inside = {name: tuple(one for one in after if one in following) for name, after in following.items()}
    components = strongly_connected(inside)
    component_of = {name: place for place, together in enumerate(components) for name in together}
    members: list[list[str]] = [[] for _ in components]
    entered = set(starts)
    for name, after in inside.items():
        members[component_of[name]].append(name)
        entered.update(one for one in after if component_of[one] != component_of[name])
    parts: list[str | Cycle] = []
    for together in members:
        if len(together) == 1 and together[0] not in inside[together[0]]:
            parts.append(together[0])
        else:
            parts.append(_cycle(entered, together, inside, name_count))
    return Level(tuple(parts))


def _cycle(
    entered: Collection[str],
    together: Sequence[str],
    following: Mapping[str, tuple[str, ...]],
    name_count: Callable[[str], str],
) -> Cycle:
    """`entered` holds the states that something outside of the cycle leads to."""
    # A part of a level that nothing of the level leads to is reached from a header that was cut off.
    entries = tuple(name for name in together if name in entered) or tuple(together)
    header = entries[0]
    count = name_count(header)
    own = {name: tuple(one for one in following[name] if one != header) for name in together}
    return Cycle(header, entries, count, _level(frozenset(entries), own, name_count))
