"""Puts branches of a fork into groups: branches that are forks themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from translator.asl import Parallel, States
from translator.expressions.sources import source_of
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue
from translator.legalize.split.outline import with_values
from translator.lower.draft import expression

_PLACE: Final = re.compile(r"\[(\d+)\]")
_RESULT: Final = ("result",)


def grouped(state: Parallel, groups: Sequence[Sequence[int]], free_name: Callable[[str], str]) -> Parallel:
    """The fork with these branches put together, the groups first; the others follow as they were."""
    places: dict[int, str] = {}
    branches: list[States] = []
    for group in groups:
        here = len(branches)
        if len(group) == 1:
            branches.append(state.branches[group[0]])
            places[group[0]] = f"[{here}]"
            continue
        inner = Parallel(
            state.origin,
            None,
            tuple(state.branches[place] for place in group),
            output={"branches": expression("$states.result")},
            has_output=True,
        )
        name = free_name(f"{state.branches[group[0]].start_at} and {len(group) - 1} beside")
        branches.append(States(name, {name: inner}))
        places |= {place: f"[{here}].branches[{number}]" for number, place in enumerate(group)}
    for place, branch in enumerate(state.branches):
        if place not in places:
            places[place] = f"[{len(branches)}]"
            branches.append(branch)

    def value(one: JsonValue) -> JsonValue:
        return _placed(one, places)

    changed = with_values(replace(state, branches=tuple(branches)), value)
    assert isinstance(changed, Parallel)
    return changed


def is_groupable(state: Parallel) -> bool:
    """Whether every result is read by the place of its branch, so that branches can change their places."""
    for source in filter(None, map(source_of, _flat([state.output, *state.assign.values()]))):
        for reference in parse_expression(source).references:
            is_result = reference.name == "states" and reference.path[:1] in {(), _RESULT}
            if is_result and not (reference.path and _PLACE.match(source, reference.path_ends[0])):
                return False
    return True


def _flat(values: Iterable[JsonValue]) -> Iterator[JsonValue]:
    for value in values:
        if isinstance(value, Mapping):
            yield from _flat(value.values())
        elif isinstance(value, (list, tuple)):
            yield from _flat(value)
        else:
            yield value


def _placed(value: JsonValue, places: Mapping[int, str]) -> JsonValue:
    """A value that reads results of branches by their old places."""
    source = source_of(value)
    if source is not None:
        return expression(_moved(source, places))
    if isinstance(value, Mapping):
        return {name: _placed(inner, places) for name, inner in value.items()}
    return [_placed(inner, places) for inner in value] if isinstance(value, (list, tuple)) else value


def _moved(source: str, places: Mapping[int, str]) -> str:
    pieces: list[str] = []
    done = 0
    for reference in parse_expression(source).references:
        if reference.name != "states" or reference.path[:1] != _RESULT:
            continue
        end = reference.path_ends[0]
        place = _PLACE.match(source, end)
        if place is not None:
            pieces += [source[done:end], places[int(place.group(1))]]
            done = place.end()
    return "".join([*pieces, source[done:]])
