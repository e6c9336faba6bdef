"""A definition that holds one node of another: what it reads stands before it, already ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from translator.definition.yaml_text import load_yaml

_LEFT_OUT: Final = (
    "edges",
    "nodes",
    "error_handlers",
    "on_end",
    "metrics",
    "output",
    "tests",
    "input",
    "settings",
)
_OF_THE_GRAPH: Final = ("join", "compensate_with")


def single_node(text: str, node: str) -> dict[str, Any]:
    """The definition as data: the node with its body, if it has one, behind all others of the workflow.

    Those are transforms that whoever compiles it pins. `text` is a definition that was read before.
    """
    # Every JSON that could be read as a definition is YAML too.
    whole: Any = load_yaml(text).value
    nodes: Sequence[Mapping[str, Any]] = whole["nodes"]
    own = {node, *_inside(nodes, node)}
    others = [each["id"] for each in nodes if each["id"] not in own and each.get("parent") is None]
    kept = [_alone(each) if each["id"] == node else each for each in nodes if each["id"] in own]
    before = [{"id": name, "type": "transform", "parameters": {"output": None}} for name in others]
    inner = [edge for edge in whole.get("edges", ()) if {edge["from"], edge["to"]} <= own - {node}]
    triggers = [_without_entry(trigger) for trigger in whole.get("triggers", ())]
    return {
        **{name: value for name, value in whole.items() if name not in _LEFT_OUT},
        **({"triggers": triggers} if triggers else {}),
        "nodes": [*before, *kept],
        "edges": [*({"from": name, "to": node} for name in others), *inner],
    }


def _alone(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name not in _OF_THE_GRAPH}


def _without_entry(trigger: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trigger.items() if name != "entry"}


def _inside(nodes: Sequence[Mapping[str, Any]], body: str) -> Iterator[str]:
    for each in nodes:
        if each.get("parent") == body:
            yield each["id"]
            yield from _inside(nodes, each["id"])
