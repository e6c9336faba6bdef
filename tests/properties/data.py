"""Lets a draft's expressions read earlier nodes, so that data which goes astray shows in the output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.properties.certainty import Order, after
from tests.properties.draft import Draft, DraftNode
from tests.properties.graph import normal_part, parts


@dataclass
class _Reader:
    """What one node's expressions may read."""

    random: Random
    values: list[DraftNode]
    """Earlier nodes with an output."""
    error: bool
    """Whether the node stands on an error path and nowhere else."""
    variables: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    """Names that the bodies around it give: `$item`, `$index`, and what a `while` gave before."""

    def value(self) -> str:
        """An expression of small size."""
        choices = ["$trigger.body.c1", "$trigger.body.missing", "$trigger.id"]
        choices += [f"${name}" for name in self.variables] * 4 + self.around * 2
        choices += ["$error.error"] if self.error else []
        choices += ["$error.node"] if self.error else []
        for node in self.random.sample(self.values, min(3, len(self.values))):
            choices += [f"{node.reference}{node.shown}"] * 3 + [f"$exists({node.reference})"]
            choices += [] if node.is_body else [f"{node.reference}.v & '!'", f"{node.reference}.n + 1"]
        return f"{{% {self.random.choice(choices)} %}}"

    def truth(self) -> str:
        choices = [f"$trigger.body.c{self.random.randrange(6)}" for _ in range(4)]
        choices += [f"$not($trigger.body.c{self.random.randrange(6)})", "$trigger.body.missing"]
        choices += [f"$exists(${name})" for name in self.variables]
        choices += [f"$exists({name})" for name in self.around if name not in ("$item", "$index")]
        choices += ["$index = 0", "$item = 'i1'"] * ("$item" in self.around)
        for node in self.random.sample(self.values, min(2, len(self.values))):
            choices += [f"{node.reference}.n = 0"] * (not node.is_body) + [f"$exists({node.reference})"]
            choices += [f"{node.reference}{node.shown}"]
        return f"{{% {self.random.choice(choices)} %}}"

    def several(self) -> dict[str, str]:
        return {f"r{index}": self.value() for index in range(self.random.randint(0, 4))}


def fill_in_data(draft: Draft, variables: float) -> None:
    """Gives every node its parameters, every conditional edge its `when`, the definition its output."""
    readers = _readers(draft)
    if variables and any(node.type == "set_variable" for node in draft.nodes):
        _share_variables(draft, readers)
    for node in draft.nodes:
        if node.type == "set_variable" and not readers[node.id].variables:
            node.type = "transform"
        node.parameters = _parameters(draft, node, readers[node.id])
    for place in sorted(draft.conditional):
        edge = draft.edges[place]
        reader = readers[edge["from"]]
        source = next(node for node in draft.nodes if node.id == edge["from"])
        own = [source] if source.has_output else []
        edge.setdefault("when", replace(reader, values=reader.values + own * 3, variables=[]).truth())
    if draft.random.random() < 0.5 and not draft.handlers:
        members = normal_part(draft.model()).nodes
        shown = [node for node in draft.inside(None) if draft.random.random() < 0.5 and node.id in members]
        draft.output = {
            node.id: f"{{% {node.reference}{node.shown} %}}" for node in shown if node.type != "terminate"
        }


def _readers(draft: Draft) -> dict[str, _Reader]:
    readable: dict[str, list[str]] = {node.id: [] for node in draft.nodes}
    for graph in parts(draft.model()):
        for earlier, later in after(graph).items():
            for node in later:
                readable[node].append(earlier)
    by_id = {node.id: node for node in draft.nodes}
    return {
        node.id: _Reader(
            draft.random,
            [
                by_id[one]
                for here in (node, *draft.bodies_around(node))
                for one in readable[here.id]
                if by_id[one].has_output
            ],
            node.handles or _only_after_errors(draft, node),
            around=names_around(draft.bodies_around(node)),
        )
        for node in draft.nodes
    }


def names_around(bodies: Sequence[DraftNode]) -> list[str]:
    """What the bodies around a node let it read."""
    items = ["$item", "$index"] if any(body.type == "for_each" for body in bodies) else []
    return items + [body.reference for body in bodies if body.type == "while"]


def _only_after_errors(draft: Draft, node: DraftNode) -> bool:
    entering = draft.entering(node)
    return len(entering) == 1 and entering[0].get("port") == "error"


def _share_variables(draft: Draft, readers: Mapping[str, _Reader]) -> None:
    """Each variable is used by nodes that are all ordered among themselves, so its value is certain."""
    order = Order(draft.model())
    for name in ("x", "y"):
        draft.variables.append({"name": name, "value": f"{name}0"})
        users: list[str] = []
        for node in draft.nodes:
            fits = node.type != "set_variable" or order.keeps(node.id)
            ordered = not node.handles and fits and all(order.follows(user, node.id) for user in users)
            if ordered and (node.type == "set_variable" or draft.random.random() < 0.4):
                users.append(node.id)
                readers[node.id].variables.append(name)


def _parameters(draft: Draft, node: DraftNode, reader: _Reader) -> dict[str, Any]:
    match node.type:
        case "function":
            return {"function": "work", "arguments": reader.several()}
        case "transform":
            return {"output": {"v": node.id, "saw": reader.several()}}
        case "delay":
            return {"seconds": draft.random.randint(1, 60)}
        case "terminate":
            return _terminate(draft, reader)
        case "condition":
            return _condition(draft, node, reader)
        case "for_each" | "while" | "parallel":
            return _body(draft, node, reader)
        case _:
            return {"values": {name: reader.value() for name in reader.variables}}


def _terminate(draft: Draft, reader: _Reader) -> dict[str, Any]:
    if draft.random.random() < 0.5:
        return {"status": "succeeded", "output": reader.several()}
    return {"status": "failed", "error": "Enough", "cause": "it was enough"}


def _condition(draft: Draft, node: DraftNode, reader: _Reader) -> dict[str, Any]:
    if node.parameters:
        return node.parameters
    if node.ports == ("true", "false"):
        return {"when": reader.truth()}
    if draft.is_caught(node) and draft.random.random() < 0.5:
        return {"cases": [{"port": port, "when": reader.truth()} for port in node.ports]}
    *named, last = node.ports
    return {"cases": [{"port": port, "when": reader.truth()} for port in named], "default": last}


def _body(draft: Draft, node: DraftNode, reader: _Reader) -> dict[str, Any]:
    """What a body repeats for, and what an iteration gives."""
    random = draft.random
    inner = [one for one in draft.inside(node.id) if not one.handles]
    around = names_around([node, *draft.bodies_around(node)])
    within = replace(reader, values=[one for one in inner if one.has_output] + reader.values, around=around)
    output = {"v": node.id, "saw": within.several()}
    counters = [one for one in inner if one.type == "function"]
    parameters: dict[str, Any] = {"output": output} if random.random() < 0.6 else {}
    if node.type == "for_each":
        return parameters | _items(random, reader)
    if node.type == "parallel":
        first = [one.id for one in inner if not draft.entering(one)]
        return {"branches": {"named": random.choice(first)}} if first and random.random() < 0.3 else {}
    if node.type == "while" and counters:
        counter = random.choice(counters).reference
        parameters["output"] = output | {"n": f"{{% {counter}.n %}}"}
        again = f"{{% {node.reference} = null or {node.reference}.n < {random.randint(1, 3)} %}}"
        parameters |= {"condition": again, "max_iterations": random.randint(1, 5)}
    elif node.type == "while":
        again = reader.truth() if random.random() < 0.3 else f"{{% $not($exists({node.reference})) %}}"
        parameters |= {"condition": again, "max_iterations": random.randint(1, 2)}
    return parameters


def _items(random: Random, reader: _Reader) -> dict[str, Any]:
    earlier = [node.reference for node in reader.values]
    items = ["$trigger.body.items"] * 6 + ["[1..2]", "$trigger.id", "$trigger.body.missing", "null"]
    items += ["$item"] * ("$item" in reader.around) + earlier[:2]
    given: list[Any] = [f"{{% {random.choice(items)} %}}"] * 4
    given += [[], ["i0", reader.value(), "i1"], [{"k": 1}, [2, 3]]]
    tolerance = {"tolerated_failures": random.randint(0, 2)}
    percentage = {"tolerated_failure_percentage": random.choice((0, 50, 100))}
    return {
        "items": random.choice(given),
        **({"concurrency": random.randint(1, 3)} if random.random() < 0.4 else {}),
        **random.choice(({}, {}, {}, tolerance, percentage)),
    }
