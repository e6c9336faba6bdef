"""Which states of the machine are not as they were, and what brought that about."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from translator.compiler import Compilation
from translator.difference.parts import Change


@dataclass(frozen=True, slots=True)
class StateChange:
    """One state that was added, removed or changed; `node` is empty for those of the whole workflow."""

    sign: Literal["+", "-", "~"]
    name: str
    node: str
    fields: tuple[str, ...] = ()
    """Of a changed state the fields that differ."""
    text: str = ""
    """The state before and after, as JSON."""
    inside: frozenset[str] = frozenset()
    """Nodes whose work the state does besides its own."""

    def is_of(self, nodes: Collection[str]) -> bool:
        """Whether the state does the work of one of the nodes."""
        return self.node in nodes or not self.inside.isdisjoint(nodes)


def state_changes(old: Compilation, new: Compilation) -> tuple[StateChange, ...]:
    """The states of both machines compared by name, those inside branches one by one."""
    before, after = dict(_states(old.whole_machine)), dict(_states(new.whole_machine))
    nodes = {name: origin.node for one in (old, new) for name, origin in one.source_map.states}
    inside: dict[str, frozenset[str]] = {}
    for name, origin in (*old.source_map.states, *new.source_map.states):
        inside[name] = inside.get(name, frozenset()).union(origin.nodes)
    found: list[StateChange] = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        text = json.dumps([was, now], ensure_ascii=False)
        node, others = nodes.get(name, ""), inside.get(name, frozenset())
        if was is None or now is None:
            found.append(StateChange("+" if was is None else "-", name, node, (), text, others))
            continue
        fields = tuple(field for field in dict.fromkeys((*was, *now)) if was.get(field) != now.get(field))
        found.append(StateChange("~", name, node, fields, text, others))
    return tuple(found)


def touched_by(change: Change, states: Sequence[StateChange]) -> tuple[StateChange, ...]:
    """The states that differ and that a change speaks of; a variable may be read by any text that runs."""
    if change.kind == "variable":
        name = re.compile(rf"(\$|\"){change.name}\b")
        return tuple(one for one in states if one.is_of(change.nodes) or name.search(one.text))
    of_all = change.kind in ("trigger", "workflow")
    return tuple(one for one in states if one.is_of(change.nodes) or (of_all and not one.node))


def _states(scope: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state without what stands inside it, of which only the beginning is its own."""
    for name, state in scope["States"].items():
        own = dict(state)
        inner = [*own.pop("Branches", ()), *([own.pop("ItemProcessor")] if "ItemProcessor" in own else ())]
        if inner:
            own["Branches"] = [one["StartAt"] for one in inner]
        yield name, own
        for one in inner:
            yield from _states(one)
