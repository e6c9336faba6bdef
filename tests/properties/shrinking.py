"""Makes a failing case smaller as long as it fails in the same way."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from tests.properties.cases import Case
from tests.properties.draft import BODIES

Definition: TypeAlias = dict[str, Any]


def shrink(case: Case, fails: Callable[[Case], bool], tries: int = 2_000) -> Case:
    """The smallest case found that still fails, after at most so many tries."""
    left = tries
    progress = True
    while progress and left > 0:
        progress = False
        for smaller in smaller_cases(case):
            left -= 1
            if left <= 0:
                break
            if fails(smaller):
                case, progress = smaller, True
                break
    return case


def smaller_cases(case: Case) -> Iterator[Case]:
    """Cases that are a little simpler, the boldest first."""
    for smaller in _smaller_cases(case):
        triggers = [one["id"] for one in smaller.definition.get("triggers", [])] or ["manual"]
        if smaller.trigger["id"] in triggers:
            yield smaller
        elif len(triggers) == 1:
            yield replace(smaller, trigger={**smaller.trigger, "id": triggers[0]})


def _smaller_cases(case: Case) -> Iterator[Case]:
    plain = copy.deepcopy(dict(case.definition))
    for size in _halves(len(plain["nodes"])):
        ids = [node["id"] for node in plain["nodes"]]
        for start in range(0, len(ids), size):
            smaller = without_nodes(plain, set(ids[start : start + size]))
            left = {node["id"] for node in smaller.get("nodes", [])}
            attempts = {node: one for node, one in case.attempts.items() if node.partition("[")[0] in left}
            yield replace(case, definition=smaller, attempts=attempts)
    for definition in _unwrapped(plain):
        yield replace(case, definition=definition)
    for definition in _simpler(plain):
        yield replace(case, definition=definition)
    for name in case.trigger["body"]:
        kept = {key: value for key, value in case.trigger["body"].items() if key != name}
        yield replace(case, trigger={**case.trigger, "body": kept})
    for node, planned in case.attempts.items():
        others = {key: value for key, value in case.attempts.items() if key != node}
        yield replace(case, attempts=others)
        if len(planned) > 1:
            yield replace(case, attempts=others | {node: planned[:1]})
        rounder = tuple(replace(one, seconds=float(1 + round(one.seconds) // 10)) for one in planned)
        if rounder != planned:
            yield replace(case, attempts=others | {node: rounder})


def _halves(count: int) -> Iterator[int]:
    while count > 1:
        count = (count + 1) // 2
        yield count
        if count == 1:
            return


def without_nodes(definition: Definition, gone: set[str]) -> Definition:
    """The definition without some nodes; what led to them leads to what they led to."""
    smaller = copy.deepcopy(definition)
    gone = gone | _left_without_a_body(definition, gone)
    smaller["nodes"] = [node for node in smaller["nodes"] if node["id"] not in gone]
    for node in gone:
        smaller["edges"] = _bypassed(smaller.get("edges", []), node)
    smaller["error_handlers"] = [
        one for one in smaller.get("error_handlers", []) if gone.isdisjoint((one["node"], one.get("of")))
    ]
    smaller["triggers"] = [
        {key: value for key, value in one.items() if key != "entry" or value not in gone}
        for one in smaller.get("triggers", [])
    ]
    named = re.compile(rf"\$({'|'.join(map(re.escape, sorted(gone)))})\b")
    cleared = _cleared(smaller, named)
    assert isinstance(cleared, dict)
    return {key: value for key, value in cleared.items() if value not in ([], {})}


def _left_without_a_body(definition: Definition, gone: set[str]) -> set[str]:
    """What is inside of what goes, and what is around nothing else."""
    more: set[str] = set()
    while True:
        kept = [node for node in definition["nodes"] if node["id"] not in gone | more]
        ids = {node["id"] for node in kept}
        around = {node.get("parent") for node in kept}
        orphans = {node["id"] for node in kept if node.get("parent") and node["parent"] not in ids}
        empty = {node["id"] for node in kept if node["type"] in BODIES and node["id"] not in around}
        if not orphans | empty:
            return more
        more |= orphans | empty


def _unwrapped(definition: Definition) -> Iterator[Definition]:
    """With the nodes of a body instead of the body node, and with a plain node instead of it."""
    for body in [node for node in definition["nodes"] if node["type"] in BODIES]:
        smaller = copy.deepcopy(definition)
        for node in smaller["nodes"]:
            if node.get("parent") == body["id"]:
                del node["parent"]
                node.update({"parent": body["parent"]} if "parent" in body else {})
        yield without_nodes(smaller, {body["id"]})
        inner = {node["id"] for node in definition["nodes"] if node.get("parent") == body["id"]}
        plain = {"type": "function", "parameters": {"function": "work", "arguments": {}}}
        smaller = copy.deepcopy(definition)
        smaller["nodes"] = [node | plain if node["id"] == body["id"] else node for node in smaller["nodes"]]
        yield without_nodes(smaller, inner)


def _bypassed(edges: list[dict[str, Any]], node: str) -> list[dict[str, Any]]:
    into = [edge for edge in edges if edge["to"] == node and edge["from"] != node]
    out = [edge for edge in edges if edge["from"] == node and edge["to"] != node]
    kept = [edge for edge in edges if node not in (edge["from"], edge["to"])]
    known = {(edge["from"], edge.get("port"), edge["to"]) for edge in kept}
    for before in into:
        for after in out:
            key = (before["from"], before.get("port"), after["to"])
            if key not in known:
                known.add(key)
                kept.append(before | {"to": after["to"]})
    return kept


def _cleared(value: Any, named: re.Pattern[str]) -> Any:
    """Without every expression that names what is gone; a condition's becomes true, a loop's false."""
    if isinstance(value, Mapping):
        return {
            key: "{% false %}"
            if key == "when" and value.get("port") == "again" and _names(one, named)
            else "{% true %}"
            if key == "when" and "port" in value and _names(one, named)
            else _cleared(one, named)
            for key, one in value.items()
            if not _names(one, named) or (key == "when" and "port" in value)
        }
    if isinstance(value, list):
        return [_cleared(one, named) for one in value]
    return value


def _names(value: Any, named: re.Pattern[str]) -> bool:
    return isinstance(value, str) and bool(named.search(value))


def _simpler(definition: Definition) -> Iterator[Definition]:
    for key in ("output", "error_handlers", "triggers", "variables", "settings"):
        if key in definition:
            yield {name: value for name, value in definition.items() if name != key}
    for key in ("edges", "error_handlers", "triggers"):
        for index in range(len(definition.get(key, []))):
            yield definition | {key: [one for place, one in enumerate(definition[key]) if place != index]}
    yield from _without(definition, "edges", ("when", "errors"))
    yield from _without(definition, "nodes", ("join", "retry_policy"))
    for index, node in enumerate(definition["nodes"]):
        for parameters in _simpler_parameters(node):
            yield _replaced(definition, "nodes", index, node | parameters)
    if isinstance(definition.get("output"), dict):
        for name in definition["output"]:
            yield definition | {"output": {k: v for k, v in definition["output"].items() if k != name}}


def _without(definition: Definition, key: str, optional: Iterable[str]) -> Iterator[Definition]:
    for index, one in enumerate(definition.get(key, [])):
        for name in optional:
            if name in one:
                kept = {field: value for field, value in one.items() if field != name}
                yield _replaced(definition, key, index, kept)


def _replaced(definition: Definition, key: str, index: int, one: Mapping[str, Any]) -> Definition:
    return definition | {key: [*definition[key][:index], one, *definition[key][index + 1 :]]}


def _simpler_parameters(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    parameters = node["parameters"]
    if node["type"] == "function":
        arguments = parameters["arguments"]
        for name in arguments:
            kept = {key: value for key, value in arguments.items() if key != name}
            yield {"parameters": parameters | {"arguments": kept}}
        return
    if node["type"] == "transform" and isinstance(parameters["output"], dict):
        saw = parameters["output"].get("saw", {})
        for name in saw:
            kept = {key: value for key, value in saw.items() if key != name}
            yield {"parameters": {"output": parameters["output"] | {"saw": kept}}}
    if node["type"] in BODIES:
        yield from ({"parameters": one} for one in _simpler_bodies(parameters))
    elif node["type"] != "condition":
        yield {"type": "function", "parameters": {"function": "work", "arguments": {}}}


def _simpler_bodies(parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in parameters:
        if name not in ("items", "condition"):
            yield {key: value for key, value in parameters.items() if key != name}
    for items in ([], [1], [1, 2]):
        if "items" in parameters and (
            not isinstance(parameters["items"], list) or len(items) < len(parameters["items"])
        ):
            yield {**parameters, "items": items}
    saw = parameters.get("output", {}).get("saw", {})
    for name in saw:
        kept = {key: value for key, value in saw.items() if key != name}
        yield {**parameters, "output": {**parameters["output"], "saw": kept}}
