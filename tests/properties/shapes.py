"""The shapes of published automation workflows, as definitions.

The corpus is read from the folder that `STEPLOOM_CORPORA` names and is never copied in. A shape has no
data, so every condition reads a flag of the trigger's body. What becomes of what:

| in the shape | in the definition |
|---|---|
| `trigger` | a manual trigger; its one successor is the entry. Several successors: the entry is a transform that leads to them and computes nothing; several outputs: a condition. None: left out |
| `if` | condition, outputs 0 and 1 are the ports `true` and `false`; with more outputs a switch |
| `switch` | condition, output *i* is the port `p<i>`; no match is the port `none`, which leads nowhere |
| `loop` | condition, output 0 is the port `done`, output 1 `again` |
| `transform` | transform that reads the trigger's body |
| `merge` | transform that computes nothing; it joins `any`, so it waits for all that may still come |
| `wait` | delay |
| `http` | http_request |
| `action`, `agent`, `workflow` | function |
| output 1 of another node with no further outputs | the `error` port; several edges: one error edge to a transform that leads to all |
| outputs of another node with more than two | a condition behind the node, output *i* is the port `p<i>` |
| an edge that goes back | an edge like any other; where every way through its loop leads back it has a `when`, because in the source such a loop ends when no item comes |
| `ai` attachments | left out, and so is what is nothing but an attachment |
| the index of an input | left out |
"""  # noqa: E501 (a table's row is one line)

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Final, TypeAlias

Shape: TypeAlias = Mapping[str, Any]
Edges: TypeAlias = list[dict[str, Any]]

CORPORA: Final = "STEPLOOM_CORPORA"
WORK: Final[Mapping[str, Mapping[str, Any]]] = {
    "http": {"type": "http_request", "parameters": {"method": "GET", "url": "https://example.com/"}},
    "transform": {"type": "transform", "parameters": {"output": {"seen": "{% $trigger.body.seen %}"}}},
    "merge": {"type": "transform", "parameters": {"output": {}}},
    "wait": {"type": "delay", "parameters": {"seconds": 1}},
}
FUNCTION: Final = {"type": "function", "parameters": {"function": "work", "arguments": {}}}
CHOOSING: Final = frozenset({"if", "switch", "loop"})


def shapes() -> Sequence[Shape]:
    """All shapes of the corpus; raises KeyError where `STEPLOOM_CORPORA` is not set."""
    path = Path(os.environ[CORPORA]) / "graphs" / "automation_shapes_dev.json"
    loaded: Sequence[Shape] = json.loads(path.read_text())
    return loaded


def definition_of(shape: Shape, workflow: str = "shape") -> dict[str, Any]:
    """The definition that a shape maps onto; it has no nodes if the shape has none but triggers."""
    kinds = shape["kinds"]
    outputs = _outputs(shape)
    connected = set(outputs) | {
        target for groups in outputs.values() for one in groups.values() for target in one
    }
    attached = {source for source, _, _ in shape["ai"]} - connected
    nodes: list[dict[str, Any]] = []
    edges: Edges = []
    triggers: list[dict[str, Any]] = []
    for index, kind in enumerate(kinds):
        if index in attached:
            continue
        if kind == "trigger":
            triggers += _trigger(index, outputs[index], nodes, edges)
        else:
            _node(index, kind, outputs[index], nodes, edges)
    for source, header in shape["back"]:
        if _is_endless(f"n{header}", nodes, edges):
            _open(f"n{source}", f"n{header}", edges)
    whole = {"id": workflow, "triggers": triggers, "nodes": nodes, "edges": edges}
    return {key: value for key, value in whole.items() if value or key == "nodes"}


def flag(name: str) -> str:
    """The expression that a decision reads."""
    return f"{{% $trigger.body.{name} %}}"


def _is_endless(header: str, nodes: Sequence[Mapping[str, Any]], edges: Edges) -> bool:
    """Whether all that a run from the node may decide leads back to it, or into another such loop."""
    ports = {node["id"]: _ports(node, edges) for node in nodes}
    sure = set(ports)
    changed = True
    while changed:
        gone = {
            node
            for node in sure
            if not all(any(_is_sure(edge, header, sure) for edge in port) for port in ports[node])
        }
        sure -= gone
        changed = bool(gone)
    return header in sure


def _is_sure(edge: Mapping[str, Any], header: str, sure: Set[str]) -> bool:
    return "when" not in edge and (edge["to"] == header or edge["to"] in sure)


def _ports(node: Mapping[str, Any], edges: Edges) -> list[Edges]:
    """The edges of every port that the node may take."""
    names = {"out"}
    if node["type"] == "condition":
        parameters = node["parameters"]
        cases = [case["port"] for case in parameters.get("cases", ())]
        names = {*cases, parameters["default"]} if cases else {"true", "false"}
    own = [edge for edge in edges if edge["from"] == node["id"]]
    names |= {edge["port"] for edge in own if "port" in edge}
    return [[edge for edge in own if edge.get("port", "out") == name] for name in sorted(names)]


def _open(source: str, header: str, edges: Edges) -> None:
    for edge in edges:
        if edge["from"].split("_")[0] == source and edge["to"] == header and edge.get("port") != "error":
            edge["when"] = flag(f"again_{source}_{header}")


def _outputs(shape: Shape) -> Mapping[int, Mapping[int, Sequence[int]]]:
    """By node and output index, the targets, each once."""
    found: dict[int, dict[int, dict[int, None]]] = defaultdict(lambda: defaultdict(dict))
    for source, output, target, _ in shape["edges"]:
        found[source][output][target] = None
    grouped = {node: {output: list(to) for output, to in one.items()} for node, one in found.items()}
    return defaultdict(dict, grouped)


def _trigger(
    index: int, outputs: Mapping[int, Sequence[int]], nodes: list[dict[str, Any]], edges: Edges
) -> Iterator[dict[str, Any]]:
    targets = [target for to in outputs.values() for target in to]
    if not targets:
        return
    entry = f"n{targets[0] if len(targets) == 1 else index}"
    yield {"id": f"t{index}", "type": "manual", "entry": entry}
    if len(targets) > 1 and len(outputs) == 1:
        nodes.append({"id": entry, **WORK["merge"]})
        edges += _edges(entry, "out", targets)
    elif len(targets) > 1:
        _switch(entry, outputs, nodes, edges)


def _node(
    index: int,
    kind: str,
    outputs: Mapping[int, Sequence[int]],
    nodes: list[dict[str, Any]],
    edges: Edges,
) -> None:
    node = f"n{index}"
    highest = max(outputs, default=0)
    if kind in CHOOSING:
        _choice(node, kind, outputs, nodes, edges)
        return
    nodes.append({"id": node, **WORK.get(kind, FUNCTION)})
    if highest > 1 or (highest == 1 and kind in ("wait", "merge")):
        edges.append({"from": node, "to": f"{node}_which"})
        _switch(f"{node}_which", outputs, nodes, edges)
        return
    edges += _edges(node, "out", outputs.get(0, ()))
    failed = outputs.get(1, ())
    if len(failed) == 1:
        edges += _edges(node, "error", failed)
    elif failed:
        edges.append({"from": node, "port": "error", "to": f"{node}_failed"})
        nodes.append({"id": f"{node}_failed", **WORK["merge"]})
        edges += _edges(f"{node}_failed", "out", failed)


def _choice(
    node: str, kind: str, outputs: Mapping[int, Sequence[int]], nodes: list[dict[str, Any]], edges: Edges
) -> None:
    ports = ("done", "again") if kind == "loop" else ("true", "false")
    if kind == "switch" or max(outputs, default=0) > 1:
        _switch(node, outputs, nodes, edges)
        return
    if kind == "loop":
        cases = [{"port": "again", "when": flag(node)}]
        parameters: dict[str, Any] = {"cases": cases, "default": "done"}
    else:
        parameters = {"when": flag(node)}
    nodes.append({"id": node, "type": "condition", "parameters": parameters})
    for output, to in outputs.items():
        edges += _edges(node, ports[output], to)


def _switch(
    node: str, outputs: Mapping[int, Sequence[int]], nodes: list[dict[str, Any]], edges: Edges
) -> None:
    used = sorted(outputs) or [0]
    cases = [{"port": f"p{output}", "when": flag(f"{node}_{output}")} for output in used]
    parameters = {"cases": cases, "default": "none"}
    nodes.append({"id": node, "type": "condition", "parameters": parameters})
    for output, to in outputs.items():
        edges += _edges(node, f"p{output}", to)


def _edges(source: str, port: str, targets: Sequence[int]) -> Edges:
    named = {} if port == "out" else {"port": port}
    return [{"from": source, **named, "to": f"n{target}"} for target in targets]
