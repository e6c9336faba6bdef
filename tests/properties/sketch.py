"""Small definitions from one line of text, for cases written by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.properties.cases import Attempt, Case

EDGE: Final = re.compile(r"(?P<source>\w+)(?:\.(?P<port>\w+))?(?:\[(?P<errors>[^]]*)\])?>(?P<target>\w+)")


def function(**arguments: Any) -> dict[str, Any]:
    """A node whose work is mocked."""
    return {"type": "function", "parameters": {"function": "work", "arguments": arguments}}


def condition(*cases: tuple[str, str], default: str | None = None) -> dict[str, Any]:
    """A switch: pairs of port and expression."""
    listed = [{"port": port, "when": f"{{% {when} %}}"} for port, when in cases]
    return {"type": "condition", "parameters": {"cases": listed} | ({"default": default} if default else {})}


def transform(output: Any) -> dict[str, Any]:
    """A node that only evaluates."""
    return {"type": "transform", "parameters": {"output": output}}


def sketch(
    edges: str,
    nodes: Mapping[str, Mapping[str, Any]] | None = None,
    when: Mapping[str, str] | None = None,
    attempts: Mapping[str, Sequence[Attempt]] | None = None,
    body: Mapping[str, Any] | None = None,
    fired: str = "manual",
    **definition: Any,
) -> Case:
    """A case from edges like `a>b`, `c.yes>d`, `a.error[Timeout,Network]>e`; `a` alone is a lone node.

    Nodes that `nodes` does not describe are functions; `when` gives expressions by the edge's own text.
    """
    described = dict(nodes or {})
    ids: dict[str, None] = {}
    listed = []
    for text in edges.split():
        found = EDGE.fullmatch(text)
        if found is None:
            ids[text] = None
            continue
        edge: dict[str, Any] = {"from": found["source"], "to": found["target"]}
        edge |= {"port": found["port"]} if found["port"] else {}
        edge |= {"errors": found["errors"].split(",")} if found["errors"] else {}
        edge |= {"when": f"{{% {when[text]} %}}"} if when and text in when else {}
        listed.append(edge)
        ids |= dict.fromkeys((found["source"], found["target"]))
    whole = [{"id": one, **function(), **described.get(one, {})} for one in ids | dict.fromkeys(described)]
    return Case(
        {"id": "sketch", "nodes": whole, "edges": listed, **definition},
        {"id": fired, "type": "manual", "body": dict(body or {})},
        attempts or {},
    )


def for_each(items: Any, **parameters: Any) -> dict[str, Any]:
    """A node with a body; the nodes inside name it as `parent`."""
    return {"type": "for_each", "parameters": {"items": items, **parameters}}


def repeat(condition: str, **parameters: Any) -> dict[str, Any]:
    """A `while`."""
    return {"type": "while", "parameters": {"condition": f"{{% {condition} %}}", **parameters}}


PARALLEL: Final[Mapping[str, Any]] = {"type": "parallel", "parameters": {}}


def inside(body: str, nodes: str | Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Nodes of a body: described, or functions by their ids."""
    described = {node: {} for node in nodes.split()} if isinstance(nodes, str) else nodes
    return {node: {**one, "parent": body} for node, one in described.items()}
