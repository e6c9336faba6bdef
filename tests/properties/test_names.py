"""States are called what people would call them, and an edit elsewhere leaves their names alone."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from random import Random
from typing import Any

import pytest

from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, generate
from tests.properties.share import cases
from translator.compiler import Compilation, compile_data
from translator.legalize import MAX_NAME

CASES = cases(10, ordinary=100)
BATCH = 10
SORTS = {
    "acyclic": ACYCLIC,
    "cyclic": replace(CYCLIC, nodes=15),
    "handled": replace(HANDLED, nodes=15),
}
EACH = -(-CASES // (BATCH * len(SORTS)))
BATCHES = [(sort, number * BATCH) for sort in SORTS for number in range(EACH)]
FRESH = "Weigh the parcel"


def definitions(sort: str, first: int) -> Iterator[tuple[Random, dict[str, Any]]]:
    for seed in range(first, first + BATCH):
        random = Random(f"names {sort} {seed}")
        definition = generate(random, SORTS[sort]).definition
        found = compile_data(definition).diagnostics
        if not any(one.severity == "error" for one in found):
            yield random, copy.deepcopy(dict(definition))


def shuffled(random: Random, definition: Mapping[str, Any]) -> dict[str, Any]:
    """The same definition with its nodes and edges in another order, and the keys of each.

    Where a loop is entered that nothing leads to, the node listed first begins it: there nodes keep theirs.
    """
    changed = dict(definition)
    triggers = definition.get("triggers", ())
    is_entered = bool(triggers) and all("entry" in one for one in triggers)
    for part in ("nodes", "edges"):
        some = [dict(random.sample(list(one.items()), len(one))) for one in definition.get(part, ())]
        may_move = part == "edges" or is_entered or not any_cycle(definition)
        changed[part] = random.sample(some, len(some)) if may_move else some
    return changed


def any_cycle(definition: Mapping[str, Any]) -> bool:
    """Whether some edges lead in a circle."""
    following: dict[str, list[str]] = {}
    for edge in definition.get("edges", ()):
        following.setdefault(edge["from"], []).append(edge["to"])
    try:
        TopologicalSorter(following).prepare()
    except CycleError:
        return True
    return False


def states(scope: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in scope["States"].items():
        yield name, {key: value for key, value in state.items() if key != "Branches"}
        for branch in state.get("Branches", ()):
            yield from states(branch)


@pytest.mark.parametrize(("sort", "first"), BATCHES)
def test_another_order_in_the_file_changes_nothing(sort: str, first: int) -> None:
    for random, definition in definitions(sort, first):
        expected = compile_data(definition).sent_text
        assert compile_data(shuffled(random, definition)).sent_text == expected, json.dumps(definition)


@pytest.mark.parametrize(("sort", "first"), BATCHES)
def test_renaming_a_node_changes_only_its_own_states(sort: str, first: int) -> None:
    for random, definition in definitions(sort, first):
        renamed = copy.deepcopy(definition)
        node = random.choice(renamed["nodes"])
        node["name"] = FRESH
        before, after = compile_data(definition), compile_data(renamed)
        old, new = dict(states(before.machine)), dict(states(after.machine))
        own = titled(before, node["id"]) | titled(after, node["id"])
        assert old.keys() - new.keys() <= own, json.dumps(definition)
        assert new.keys() - old.keys() <= {name for name in new if FRESH in name}
        called = dict(zip(old, new, strict=True))
        title = before.source_map.nodes[node["id"]].name if node["id"] in before.source_map.nodes else ""
        for name in old.keys() & new.keys():
            assert with_names(untitled(old[name], title), called) == untitled(new[name], FRESH), name


def titled(compilation: Compilation, node: str) -> set[str]:
    """The states whose names tell of a node."""
    nodes = compilation.source_map.nodes
    title = nodes[node].name if node in nodes else node
    found = {name for name, _ in compilation.source_map.states if title in name}
    return found | set(compilation.source_map.to_json()["nodes"].get(node, {}).get("states", ()))


def untitled(state: Mapping[str, Any], title: str) -> Any:
    """A state without what it says to people of a node: in its comment, and where no case of it fits."""
    text = json.dumps({key: value for key, value in state.items() if key != "Comment"})
    return json.loads(re.sub(rf"(no case of \\W*){re.escape(title)}(?=\\W)", r"\1it", text))


def with_names(state: Any, called: Mapping[str, str]) -> Any:
    """A state leading to the same states as they are called now."""
    if isinstance(state, Mapping):
        return {
            key: called.get(value, value) if key in {"Next", "Default"} else with_names(value, called)
            for key, value in state.items()
        }
    return [with_names(one, called) for one in state] if isinstance(state, list) else state


@pytest.mark.parametrize(("sort", "first"), BATCHES)
def test_names_are_short_enough_and_unlike_one_another(sort: str, first: int) -> None:
    for random, definition in definitions(sort, first):
        for node in definition["nodes"]:
            node["name"] = random.choice(("A name that many nodes share", "So long a name " * 8, "B"))
        names = [name for name, _ in states(compile_data(definition).machine)]
        assert len(names) == len(set(names))
        assert all(0 < len(name) <= MAX_NAME for name in names)
