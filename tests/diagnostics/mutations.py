"""Definitions as authors leave them in the middle of an edit: examples after a few changes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from hypothesis import strategies as st

WORKFLOWS = sorted((Path(__file__).parent.parent.parent / "workflows").glob("*.yaml"))
EXAMPLES = [yaml.safe_load(file.read_text()) for file in WORKFLOWS]

Place: TypeAlias = tuple[str | int, ...]
Change: TypeAlias = Callable[[st.DrawFn, dict[str, Any]], None]

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
LEGAL_ERRORS = ["*", "Timeout", "Network", "States.Timeout", "Mine", "NoMatch", "Lambda.Unknown"]
WHENS = [
    "{% $trigger.body.x = 1 %}",
    "{% true %}",
    "{% $error.error = 'Timeout' %}",
    "{% $trigger.body.items[price > 10] %}",
    "{% ($x := $run.id; $f := function($n) { $n = 0 ? $x : $f($n - 1) }; $f(3)) %}",
    "\n{% $trigger.body.x %}\n",
]
LEGAL: list[dict[str, Any]] = [
    {"type": "transform", "output": "{% $trigger.body.x %}"},
    {"type": "transform", "output": {"a": ["{% $trigger.x %}", {"b": None, "c": "at {% $run.id %}"}]}},
    {"type": "condition", "when": "{% $trigger.body.x = 1 %}"},
    {"type": "condition", "value": "{% $trigger %}", "cases": [{"port": "a", "one_of": [1, "%}"]}]},
    {"type": "condition", "cases": [{"port": "a", "when": "{% $error %}"}], "default": "a"},
    {"type": "delay", "seconds": "{% $trigger.body.n %}"},
    {"type": "delay", "until": "{% $trigger.body.t %}"},
    {"type": "delay", "days": 1, "hours": "{% 1 %}"},
    {"type": "terminate", "status": "failed", "cause": "{% $error.cause %}"},
    {"type": "terminate", "status": "succeeded", "output": "{% $trigger %}"},
    {"type": "function", "function": "f", "arguments": {"a": "{% $run %}"}},
    {"type": "http_request", "url": "https://example.com/{% $run.id %}"},
]
NAMES = ["A" * 200, "…", " ", "{% $x %}", "Charge the card", "$entry", "B + C"]
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
TYPES = [
    "transform",
    "set_variable",
    "condition",
    "delay",
    "terminate",
    "function",
    "http_request",
    "nothing",
]
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


@st.composite
def changed(draw: st.DrawFn, changes: Sequence[Change], most: int) -> dict[str, Any]:
    """An example definition after one to `most` changes."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(EXAMPLES)))
    del data["tests"]
    for _ in range(draw(st.integers(1, most))):
        draw(st.sampled_from(changes))(draw, data)
    return data


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


def forward_edge(draw: st.DrawFn, data: dict[str, Any]) -> None:
    """An edge that closes no loop: the examples list their nodes in the order in which they run."""
    nodes = data["nodes"]
    if len(nodes) < 2:
        return
    first = draw(st.integers(0, len(nodes) - 2))
    source, target = nodes[first], nodes[draw(st.integers(first + 1, len(nodes) - 1))]["id"]
    new: dict[str, Any] = {"from": source["id"], "to": target}
    if draw(st.booleans()):
        new |= {
            "port": "error",
            "errors": draw(st.lists(st.sampled_from(LEGAL_ERRORS), min_size=1, max_size=3)),
        }
    elif source["type"] == "condition":
        new["port"] = "true" if "when" in source["parameters"] else source["parameters"]["cases"][0]["port"]
    elif draw(st.booleans()):
        new["when"] = draw(st.sampled_from(WHENS))
    if source["type"] != "terminate":
        data.setdefault("edges", []).append(new)


def appended_node(draw: st.DrawFn, data: dict[str, Any]) -> None:
    """A node behind others."""
    parameters = copy.deepcopy(draw(st.sampled_from(LEGAL)))
    node_type = parameters.pop("type")
    name = f"fresh_{len(data['nodes'])}"
    new = {
        "id": name,
        "type": node_type,
        "parameters": parameters,
        "join": draw(st.sampled_from(["any", "all"])),
    }
    if draw(st.booleans()):
        new["name"] = draw(
            st.sampled_from(["A" * 200, "…", "{% $x %}", "Charge the card", "$entry", "B + C"])
        )
    data["nodes"].append(new)
    for _ in range(draw(st.integers(1, 3))):
        source = draw(st.sampled_from(data["nodes"][:-1]))
        if source["type"] not in {"condition", "terminate"}:
            data.setdefault("edges", []).append({"from": source["id"], "to": name})


def legal_join(draw: st.DrawFn, data: dict[str, Any]) -> None:
    draw(st.sampled_from(data["nodes"]))["join"] = draw(st.sampled_from(["any", "all"]))


def manual_trigger(draw: st.DrawFn, data: dict[str, Any]) -> None:
    new: dict[str, Any] = {"id": f"again_{len(data['triggers'])}", "type": "manual"}
    if draw(st.booleans()):
        new["entry"] = draw(st.sampled_from(data["nodes"]))["id"]
    data["triggers"].append(new)


def handler(draw: st.DrawFn, data: dict[str, Any]) -> None:
    """A handler, and sometimes a node that only it leads to."""
    name = f"handle_{len(data['nodes'])}"
    parameters = copy.deepcopy(draw(st.sampled_from(LEGAL)))
    data["nodes"].append({"id": name, "type": parameters.pop("type"), "parameters": parameters})
    errors = draw(st.lists(st.sampled_from(LEGAL_ERRORS), min_size=1, max_size=2))
    entry = {"node": name, "errors": errors, "resolve": draw(st.booleans())}
    data.setdefault("error_handlers", []).append(entry)
    if draw(st.booleans()) and data["nodes"][-1]["type"] not in {"condition", "terminate"}:
        behind = {"id": f"{name}_b", "type": "transform", "parameters": {"output": "{% $error %}"}}
        data["nodes"].append(behind)
        data.setdefault("edges", []).append({"from": name, "to": behind["id"]})


def back_edge(draw: st.DrawFn, data: dict[str, Any]) -> None:
    """An edge to an earlier node, which repeats what lies between if only one way leads in."""
    nodes = data["nodes"]
    last = draw(st.integers(0, len(nodes) - 1))
    source, target = nodes[last], nodes[draw(st.integers(0, last))]["id"]
    if source["type"] not in {"condition", "terminate"}:
        new = {"from": source["id"], "to": target, "when": draw(st.sampled_from(WHENS))}
        data.setdefault("edges", []).append(new)


def legal_output(draw: st.DrawFn, data: dict[str, Any]) -> None:
    names = [node["id"] for node in data["nodes"]]
    own = [f"{{% $exists(${name}) ? ${name} : $error %}}" for name in names]
    data["output"] = draw(st.sampled_from([*own, *WHENS, {"a": [own[0], own[-1]]}, "text", None]))


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
)
"""Changes that mostly make mistakes."""

CAREFUL: Sequence[Change] = (
    forward_edge,
    forward_edge,
    appended_node,
    appended_node,
    legal_join,
    handler,
    back_edge,
    manual_trigger,
    legal_output,
)
"""Changes that mostly compile."""
