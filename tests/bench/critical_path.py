"""How long a state machine runs at least: the longest way through what the compiler emitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from translator.json_value import JsonValue


def critical_path(machine: Mapping[str, Any], seconds: Mapping[str, float]) -> float:
    """Seconds of the longest way through an acyclic machine; `seconds` by state name, others take none.

    Branches of a Parallel run side by side. Of several ways on (Choice, Catch) the longest counts.
    """
    states: Mapping[str, Mapping[str, Any]] = machine["States"]
    order = _sources_first(states, machine["StartAt"])
    remaining: dict[str, float] = {}
    for name in reversed(order):
        behind = max((remaining[target] for target in _targets(states[name])), default=0.0)
        remaining[name] = _duration(name, states[name], seconds) + behind
    return remaining[machine["StartAt"]]


def ideal(edges: list[list[int]], runtime: list[float], floor: float) -> float:
    """Seconds of the longest way through a graph, each node at least `floor`."""
    successors: dict[str, list[str]] = {str(node): [] for node in range(len(runtime))}
    for source, target in edges:
        successors[str(source)].append(str(target))
    remaining: dict[str, float] = {}
    for node in reversed(_topological(successors, list(successors))):
        behind = max((remaining[target] for target in successors[node]), default=0.0)
        remaining[node] = max(floor, runtime[int(node)]) + behind
    return max(remaining.values())


def _duration(name: str, state: Mapping[str, Any], seconds: Mapping[str, float]) -> float:
    branches = state.get("Branches", ())
    inside = max((critical_path(branch, seconds) for branch in branches), default=0.0)
    return seconds.get(name, 0.0) + inside


def _targets(state: Mapping[str, Any]) -> Iterator[str]:
    ways: list[JsonValue] = [state.get("Next"), state.get("Default")]
    ways += [each["Next"] for each in (*state.get("Choices", ()), *state.get("Catch", ()))]
    return (way for way in ways if isinstance(way, str))


def _sources_first(states: Mapping[str, Mapping[str, Any]], start: str) -> list[str]:
    return _topological({name: list(_targets(state)) for name, state in states.items()}, [start])


def _topological(successors: Mapping[str, list[str]], starts: list[str]) -> list[str]:
    seen: set[str] = set()
    left: list[str] = []
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(successors[start]))]
        while stack:
            name, following = stack[-1]
            target = next((each for each in following if each not in seen), None)
            if target is None:
                left.append(name)
                stack.pop()
            else:
                seen.add(target)
                stack.append((target, iter(successors[target])))
    return left[::-1]
