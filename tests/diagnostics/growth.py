"""Changes with care: a definition grows and mostly still compiles."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.diagnostics.examples import Change

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
    new: dict[str, Any] = {"id": f"again_{len(data.get('triggers', []))}", "type": "manual"}
    if draw(st.booleans()):
        new["entry"] = draw(st.sampled_from(data["nodes"]))["id"]
    data.setdefault("triggers", []).append(new)


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


def wrapped(draw: st.DrawFn, data: dict[str, Any]) -> None:
    """A node inside a new body, which takes its place among the edges."""
    node = draw(st.sampled_from(data["nodes"]))
    name = f"around_{len(data['nodes'])}"
    kind = draw(st.sampled_from(["for_each", "while", "parallel"]))
    parameters = {
        "for_each": {"items": [1, 2], "output": f"{{% ${node['id']} %}}"},
        "while": {"condition": f"{{% $not($exists(${name})) %}}", "max_iterations": 3},
        "parallel": {},
    }
    body = {"id": name, "type": kind, "parameters": parameters[kind]}
    data["nodes"].append(body | ({"parent": node["parent"]} if "parent" in node else {}))
    node["parent"] = name
    moved = {node["id"]: name}
    for edge in data.get("edges", []):
        edge["to"] = moved.get(edge["to"], edge["to"])
        if edge["from"] in moved:
            edge["from"] = name
            if edge.get("port") != "error":
                edge.pop("port", None)
    for given in [*data.get("triggers", []), *data.get("error_handlers", [])]:
        for key in given.keys() & {"entry", "node"}:
            given[key] = moved.get(given[key], given[key])


CAREFUL: Sequence[Change] = (
    forward_edge,
    forward_edge,
    appended_node,
    appended_node,
    legal_join,
    wrapped,
    handler,
    back_edge,
    manual_trigger,
    legal_output,
)
