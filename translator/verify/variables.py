"""Every variable that is read has been assigned on every way there, and no inner scope assigns an outer name.

(AWS: Passing data between states with variables, variable scope.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.expressions.syntax import parse_expression
from translator.verify.walk import Way, inner_scopes, texts, ways

Names = frozenset[str]
_NO_EXPRESSIONS: Final = frozenset(
    {"Branches", "ItemProcessor", "Choices", "Catch", "Next", "Default", "Comment"}
)
"""Fields that are states again, or texts that only look like expressions where their author made them so."""


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Every breach in all scopes."""
    yield from _scope(document, frozenset(), frozenset())


def _scope(scope: Mapping[str, Any], outer_assigned: Names, outer_known: Names) -> Iterator[str]:
    states = scope["States"]
    own = frozenset(name for state in states.values() for way in ways(state) for name in way.assign)
    for name in sorted(own & outer_assigned):
        yield f"the scope of {scope['StartAt']!r} assigns ${name}, which an enclosing scope assigns too"
    known = _known_on_entry(scope)
    for name, state in states.items():
        at = known.get(name, frozenset()) | outer_known
        for variable in sorted(_reads(state) - at - {"states"}):
            yield f"state {name!r} reads ${variable}, which is not assigned on every way there"
        for inner in inner_scopes(state):
            if inner.get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
                # Child executions see no variable around them (AWS: distributed Map).
                yield from _scope(inner, frozenset(), frozenset())
            else:
                yield from _scope(inner, outer_assigned | own, at)


def _known_on_entry(scope: Mapping[str, Any]) -> dict[str, Names]:
    states = scope["States"]
    known: dict[str, Names] = {scope["StartAt"]: frozenset()}
    pending = [scope["StartAt"]]
    while pending:
        name = pending.pop()
        for way in ways(states[name]):
            if way.target is None:
                continue
            behind = _behind(known[name], way)
            before = known.get(way.target)
            after = behind if before is None else before & behind
            if after != before:
                known[way.target] = after
                pending.append(way.target)
    return known


def _behind(known: Names, way: Way) -> Names:
    return known | frozenset(way.assign)


def _reads(state: Mapping[str, Any]) -> Names:
    """What the state's own expressions read; inner scopes are asked by themselves."""
    own = [state, *state.get("Choices", ()), *state.get("Catch", ())]
    found: set[str] = set()
    for part in own:
        for text in texts([value for key, value in part.items() if key not in _NO_EXPRESSIONS]):
            found |= parse_expression(text).free_names
    return frozenset(found)
