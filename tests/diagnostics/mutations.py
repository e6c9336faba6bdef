"""Changes without care, as definitions are in the middle of an edit: they mostly make mistakes."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import yaml
from hypothesis import strategies as st

from tests.diagnostics.examples import NAMES, Change
from translator import nodes

Place: TypeAlias = tuple[str | int, ...]

EXPRESSIONS = [
    "{% $error %}",
    "{% $error.cause & 'x' %}",
    "{% $trigger.body.items[price > 10].(name & ': ' & $string(price)) %}",
    "{% $exists($charge) and $exists($trigger.body.x) %}",
    "{% ($x := $run.id; $f := function($n) { $n = 0 ? $x : $f($n - 1) }; $f(3)) %}",
    "{% $map([1..3], function($v, $i) { $v * $i }) %}",
    "{% {'a': nothing, 'b': [$trigger.body.x]} %}",
    "{% $states.input %}",
    "{% $$.x %}",
    "{% $ %}",
    "{% %}",
    "{% ( %}",
    "{% $fetch",
    "text {% $run.id %} and {% $trigger.body %}",
    "{% 1/0 %}",
    "{% /a+/ %}",
    "{% function($x) { $x } %}",
    '{% "%}" & "{%" %}',
    " {% true %}\n",
    "{% $sum %}",
    "{% $trigger ~> |$|{'a': 1}| %}",
    "{% $string($error) ~> $uppercase %}",
    "{% 'é𝄞\\u0000' %}",
]
ERRORS = ["*", "Timeout", "Network", "States.ALL", "States.Timeout", "Steploom.Terminated", "Mine", "NoMatch"]
SCALARS: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    901,
    1.5,
    10**20,
    "",
    "x",
    "out",
    "error",
    "true",
    "default",
]
TYPES = [*nodes.names(), "no"]
PARAMETERS: list[dict[str, Any]] = [
    {},
    {"output": "{% $trigger %}"},
    {"output": {"a": ["{% $trigger.x %}", {"b": None}]}},
    {"values": {"shop": "{% $shop & 'x' %}"}},
    {"when": "{% $trigger.body.x = 1 %}"},
    {"value": "{% $trigger %}", "cases": [{"port": "a", "equals": 1}, {"port": "b", "one_of": [1, "x"]}]},
    {"cases": [{"port": "a", "when": "{% true %}"}], "default": "a"},
    {"seconds": "{% $trigger.body.n %}"},
    {"until": "{% $trigger.body.t %}"},
    {"days": 1, "hours": "{% 1 %}"},
    {"status": "failed", "cause": "{% $error.cause %}"},
    {"status": "succeeded", "output": "{% $trigger %}"},
    {"function": "f", "arguments": {"a": "{% $run %}"}},
    {"url": "https://example.com/{% $run.id %}"},
    *(yaml.safe_load(nodes.load(name).example).get("parameters", {}) for name in nodes.names()),
]


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """The path of every value inside a value."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


def at(value: Any, path: Place) -> Any:
    for part in path:
        value = value[part]
    return value


def _node_ids(data: dict[str, Any]) -> list[Any]:
    nodes = data.get("nodes")
    ids = [node.get("id") for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
    return [one for one in ids if isinstance(one, str)] or ["nowhere"]


def _list(data: dict[str, Any], name: str) -> list[Any]:
    if not isinstance(data.get(name), list):
        data[name] = []
    found: list[Any] = data[name]
    return found


def drop(draw: st.DrawFn, data: dict[str, Any]) -> None:
    path = draw(st.sampled_from(list(places(data)) or [()]))
    if path:
        del at(data, path[:-1])[path[-1]]


def duplicate(draw: st.DrawFn, data: dict[str, Any]) -> None:
    paths = [path for path in places(data) if path and isinstance(at(data, path[:-1]), list)]
    if paths:
        path = draw(st.sampled_from(paths))
        at(data, path[:-1]).insert(draw(st.integers(0, 3)), copy.deepcopy(at(data, path)))


def rename(draw: st.DrawFn, data: dict[str, Any]) -> None:
    paths = [path for path in places(data) if path and isinstance(at(data, path[:-1]), dict)]
    if paths:
        path = draw(st.sampled_from(paths))
        parent = at(data, path[:-1])
        parent[draw(st.sampled_from(["errors", "when", "port", "output", "x"]))] = parent.pop(path[-1])


def replace(draw: st.DrawFn, data: dict[str, Any]) -> None:
    paths = list(places(data))
    if paths:
        path = draw(st.sampled_from(paths))
        values = st.sampled_from([*SCALARS, *EXPRESSIONS, [], {}, ["x"], {"x": 1}, *_node_ids(data)])
        at(data, path[:-1])[path[-1]] = draw(values)


def swap(draw: st.DrawFn, data: dict[str, Any]) -> None:
    paths = list(places(data))
    if paths:
        one, other = draw(st.sampled_from(paths)), draw(st.sampled_from(paths))
        at(data, one[:-1])[one[-1]] = copy.deepcopy(at(data, other))


def odd_expression(draw: st.DrawFn, data: dict[str, Any]) -> None:
    texts = [path for path in places(data) if isinstance(at(data, path), str) and "{%" in at(data, path)]
    if texts:
        path = draw(st.sampled_from(texts))
        own = [f"{{% ${name} %}}" for name in _node_ids(data)]
        at(data, path[:-1])[path[-1]] = draw(st.sampled_from([*EXPRESSIONS, *own]))


def edge(draw: st.DrawFn, data: dict[str, Any]) -> None:
    ids = st.sampled_from(_node_ids(data))
    new: dict[str, Any] = {"from": draw(ids), "to": draw(ids)}
    match draw(st.sampled_from(["plain", "when", "error", "errors", "port"])):
        case "when":
            new["when"] = draw(st.sampled_from(EXPRESSIONS))
        case "error":
            new["port"] = "error"
        case "errors":
            new |= {"port": "error", "errors": draw(st.lists(st.sampled_from(ERRORS), max_size=3))}
        case "port":
            new["port"] = draw(st.sampled_from(["true", "false", "a", "b", "default", "out"]))
    _list(data, "edges").append(new)


def node(draw: st.DrawFn, data: dict[str, Any]) -> None:
    new: dict[str, Any] = {
        "id": draw(st.sampled_from(["fresh", "other", "charge", "fetch", "b__1", "sum"])),
        "type": draw(st.sampled_from(TYPES)),
        "parameters": copy.deepcopy(draw(st.sampled_from(PARAMETERS))),
        "join": draw(st.sampled_from(["any", "all", "first"])),
    }
    if draw(st.booleans()):
        new["name"] = draw(st.sampled_from(NAMES))
    if draw(st.booleans()):
        new["retry_policy"] = [{"errors": draw(st.lists(st.sampled_from(ERRORS), min_size=1, max_size=3))}]
    _list(data, "nodes").append(new)


def retype(draw: st.DrawFn, data: dict[str, Any]) -> None:
    nodes = [one for one in _list(data, "nodes") if isinstance(one, dict)]
    if nodes:
        changed = draw(st.sampled_from(nodes))
        changed["type"] = draw(st.sampled_from(TYPES))
        changed["parameters"] = copy.deepcopy(draw(st.sampled_from(PARAMETERS)))


def trigger(draw: st.DrawFn, data: dict[str, Any]) -> None:
    new: dict[str, Any] = {"id": draw(st.sampled_from(["again", "manual", "new_order"])), "type": "manual"}
    if draw(st.booleans()):
        new["entry"] = draw(st.sampled_from(_node_ids(data)))
    _list(data, "triggers").append(new)


def join(draw: st.DrawFn, data: dict[str, Any]) -> None:
    nodes = [one for one in _list(data, "nodes") if isinstance(one, dict)]
    if nodes:
        draw(st.sampled_from(nodes))["join"] = draw(st.sampled_from(["any", "all", "first"]))


def nest(draw: st.DrawFn, data: dict[str, Any]) -> None:
    nodes = [one for one in _list(data, "nodes") if isinstance(one, dict)]
    if nodes:
        draw(st.sampled_from(nodes))["parent"] = draw(st.sampled_from([*_node_ids(data), "nowhere"]))


def lift(draw: st.DrawFn, data: dict[str, Any]) -> None:
    nodes = [one for one in _list(data, "nodes") if isinstance(one, dict) and "parent" in one]
    if nodes:
        del draw(st.sampled_from(nodes))["parent"]


def guard(draw: st.DrawFn, data: dict[str, Any]) -> None:
    ids = st.sampled_from(_node_ids(data))
    entry: dict[str, Any] = {"node": draw(ids), "resolve": draw(st.booleans())}
    if draw(st.booleans()):
        entry["of"] = draw(ids)
    if draw(st.booleans()):
        entry["errors"] = draw(st.lists(st.sampled_from(ERRORS), max_size=3))
    _list(data, "error_handlers").append(entry)


CARELESS: Sequence[Change] = (
    drop,
    duplicate,
    rename,
    replace,
    swap,
    odd_expression,
    edge,
    edge,
    node,
    retype,
    trigger,
    join,
    nest,
    lift,
    guard,
)
