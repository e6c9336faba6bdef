"""Runs of the shapes of automation workflows: which trigger fires, what is decided, what fails."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from tests.properties.cases import Attempt, Case
from tests.properties.shapes import Edges, Shape, definition_of
from translator.analyses.components import strongly_connected

FLAG: Final = re.compile(r"\$trigger\.body\.(\w+)")
MOST_AGAIN: Final = 3
"""How often at most a node in a loop decides by chance, before it leads out."""


def case_of(shape: Shape, random: Random) -> Case:
    """A run of the shape's definition: one trigger fires, decisions fall at random, error edges get used.

    A decision within a loop falls anew each time: a `function` node before it, which the shape does not
    have, tells how often it was asked. After `MOST_AGAIN` times it leads out.
    """
    definition = copy.deepcopy(definition_of(shape))
    repeated = _repeated(definition)
    leading_out = _ways_out(definition)
    body = _ask_anew(definition, repeated, leading_out, random)
    text = json.dumps([definition["nodes"], definition.get("edges", [])])
    for name in sorted(set(FLAG.findall(text)) - set(body)):
        body[name] = random.random() < 0.5
    fired = random.choice([one["id"] for one in definition.get("triggers", [])] or ["manual"])
    caught = {edge["from"] for edge in definition.get("edges", []) if edge.get("port") == "error"}
    attempts = {
        node["id"]: (
            _until_it_fails(random)
            if node["id"] in repeated and leading_out.get(node["id"]) == "error"
            else _attempts(random, may_fail=node["id"] in caught, again=node["id"] in repeated)
        )
        for node in definition["nodes"]
        if node["type"] in ("function", "http_request")
    }
    return Case(definition, {"id": fired, "type": "manual", "body": body}, attempts)


def _attempts(random: Random, *, may_fail: bool, again: bool) -> tuple[Attempt, ...]:
    """What fails in a loop fails the first time only, so that the loop ends."""
    seconds = random.randint(1, 5_000) / 100
    first = Attempt(seconds, "Unknown" if may_fail and random.random() < 0.3 else None)
    return (first, Attempt(seconds)) if again else (first,)


def _until_it_fails(random: Random) -> tuple[Attempt, ...]:
    """Of what leads out of a loop by its failure only."""
    seconds = random.randint(1, 5_000) / 100
    return (*(Attempt(seconds) for _ in range(random.randint(0, MOST_AGAIN))), Attempt(seconds, "Unknown"))


def _repeated(definition: Mapping[str, Any]) -> frozenset[str]:
    """The nodes on a circle of edges."""
    following: dict[str, list[str]] = {node["id"]: [] for node in definition["nodes"]}
    for edge in definition.get("edges", []):
        following[edge["from"]].append(edge["to"])
    circles = [
        part for part in strongly_connected(following) if len(part) > 1 or part[0] in following[part[0]]
    ]
    return frozenset(node for part in circles for node in part)


def _ask_anew(
    definition: dict[str, Any], repeated: frozenset[str], leading_out: Mapping[str, str], random: Random
) -> dict[str, Any]:
    """Lets each decision in a loop count how often it falls; gives the decisions by flag."""
    body: dict[str, Any] = {}
    edges: Edges = definition.get("edges", [])
    for node in [each for each in definition["nodes"] if each["id"] in repeated]:
        own = [edge for edge in edges if edge["from"] == node["id"] and "when" in edge]
        if node["type"] != "condition" and not own:
            continue
        asked = f"{node['id']}_asked"
        _put_before(definition, node["id"], asked)
        for edge in own:
            edge["when"] = _anew(edge["when"], asked, random, body, last=False)
        parameters = node["parameters"]
        out = leading_out.get(node["id"])
        if "when" in parameters:
            parameters["when"] = _anew(parameters["when"], asked, random, body, last=out == "true")
        for case in parameters.get("cases", ()):
            case["when"] = _anew(case["when"], asked, random, body, last=out == case["port"])
    return body


def _anew(expression: str, asked: str, random: Random, body: dict[str, Any], *, last: bool) -> str:
    (name,) = FLAG.findall(expression)
    times = random.randint(0, MOST_AGAIN)
    body[name] = {str(time): random.random() < 0.5 for time in range(times)}
    decided = f"$lookup($trigger.body.{name}, $string(${asked}.n))"
    return f"{{% ${asked}.n < {times} ? {decided} : {str(last).lower()} %}}"


def _put_before(definition: dict[str, Any], node: str, before: str) -> None:
    work = {"type": "function", "parameters": {"function": "work", "arguments": {}}}
    definition["nodes"].append({"id": before, **work})
    for edge in definition["edges"]:
        if edge["to"] == node:
            edge["to"] = before
    for trigger in definition.get("triggers", []):
        if trigger.get("entry") == node:
            trigger["entry"] = before
    definition["edges"].append({"from": before, "to": node})


def _ways_out(definition: Mapping[str, Any]) -> Mapping[str, str]:
    """By node a port from which every decision that leads out next ends the run at last."""
    ends: set[str] = set()
    ports: dict[str, str] = {}
    edges: Edges = definition.get("edges", [])
    changed = True
    while changed:
        changed = False
        for node in definition["nodes"]:
            if node["id"] not in ends and (port := _ending_port(node, edges, ends)) is not None:
                ends.add(node["id"])
                ports[node["id"]] = port
                changed = True
    return ports


def _ending_port(node: Mapping[str, Any], edges: Edges, ends: set[str]) -> str | None:
    names = ["out"]
    if node["type"] == "condition":
        parameters = node["parameters"]
        names = [case["port"] for case in parameters.get("cases", ())]
        names = [*names, parameters["default"]] if names else ["true", "false"]
    elif node["type"] in ("function", "http_request") and any(_is_error_of(node, edge) for edge in edges):
        names = ["out", "error"]
    for name in names:
        own = [edge for edge in edges if edge["from"] == node["id"] and edge.get("port", "out") == name]
        if all("when" in edge or edge["to"] in ends for edge in own):
            return name
    return None


def _is_error_of(node: Mapping[str, Any], edge: Mapping[str, Any]) -> bool:
    return edge["from"] == node["id"] and edge.get("port") == "error"
