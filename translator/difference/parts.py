"""Which parts of a definition were added, removed or changed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from translator.definition.base import DefinitionModel
from translator.definition.model import WorkflowDefinition

_LONGEST_VALUE: Final = 60
_OF_THE_WHOLE: Final = ("id", "name", "description", "input", "on_end", "metrics", "output", "settings")


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is not as it was."""

    sign: Literal["+", "-", "~"]
    kind: str
    """`node`, `edge`, `trigger`, `variable`, `error handler` or `workflow`."""
    name: str
    details: tuple[str, ...] = ()
    """Of a changed part each field, with what it was and what it is."""
    nodes: frozenset[str] = frozenset()
    """The nodes whose states it may touch."""


def changes(old: WorkflowDefinition, new: WorkflowDefinition) -> tuple[Change, ...]:
    """All changes, by kind of part; the workflow's own tests are no part of what runs."""
    found: list[Change] = []
    before, after = _parts(old), _parts(new)
    for kind in before:
        found += _compared(kind, before[kind], after[kind])
    found = [_with_users(one, (old, new)) if one.kind == "variable" else one for one in found]
    details = (*_fields(_whole(old), _whole(new)), *_order(before["error handler"], after["error handler"]))
    if details:
        found.append(Change("~", "workflow", new.id, details))
    return tuple(found)


def _parts(definition: WorkflowDefinition) -> dict[str, dict[str, DefinitionModel]]:
    """Every part by its kind and by the name that tells it from the others of its kind."""
    return {
        "trigger": {one.id: one for one in definition.triggers},
        "variable": {one.name: one for one in definition.variables},
        "node": {one.id: one for one in definition.nodes},
        "edge": _numbered((_edge_name(one.from_, one.port, one.to), one) for one in definition.edges),
        "error handler": _numbered((one.node, one) for one in definition.error_handlers),
    }


def _edge_name(source: str, port: str, target: str) -> str:
    return f"{source} → {target}" if port == "out" else f"{source} ({port}) → {target}"


def _numbered(named: Iterable[tuple[str, DefinitionModel]]) -> dict[str, DefinitionModel]:
    seen: Counter[str] = Counter()
    found: dict[str, DefinitionModel] = {}
    for name, part in named:
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name}, number {seen[name]}"] = part
    return found


def _compared(
    kind: str, old: Mapping[str, DefinitionModel], new: Mapping[str, DefinitionModel]
) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        nodes = _nodes(name, before) | _nodes(name, after)
        if before is None:
            yield Change("+", kind, name, (), nodes)
        elif after is None:
            yield Change("-", kind, name, (), nodes)
        elif before != after:
            details = tuple(_fields(_data(before), _data(after)))
            yield Change("~", kind, name, details, nodes)


def _order(old: Mapping[str, DefinitionModel], new: Mapping[str, DefinitionModel]) -> Iterator[str]:
    """Error handlers that are the same, but asked in another order: the first that fits takes the failure."""
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    if before != after:
        yield f"error_handlers: {', '.join(before)} → {', '.join(after)}"


def _nodes(name: str, part: DefinitionModel | None) -> frozenset[str]:
    named = (getattr(part, field, None) for field in ("from_", "to", "node", "entry"))
    own = {name} if hasattr(part, "parameters") else set()
    return frozenset({*own, *(node for node in named if node)})


def _with_users(change: Change, versions: Iterable[WorkflowDefinition]) -> Change:
    """A variable's change with the nodes that read or set it: a variable that nothing sets has no state.

    Text that only looks like a use does no harm, as only states that differ are asked for.
    """
    use = re.compile(rf"\${change.name}\b")
    nodes: set[str] = set()
    for definition in versions:
        for node in definition.nodes:
            values = node.parameters.get("values") if node.type == "set_variable" else None
            if use.search(json.dumps(_data(node))) or (isinstance(values, dict) and change.name in values):
                nodes.add(node.id)
        nodes |= {edge.from_ for edge in definition.edges if use.search(edge.when or "")}
    return replace(change, nodes=frozenset(nodes))


def _data(part: DefinitionModel) -> dict[str, Any]:
    return part.model_dump(mode="json", by_alias=True)


def _whole(definition: WorkflowDefinition) -> dict[str, Any]:
    return definition.model_dump(mode="json", by_alias=True, include=set(_OF_THE_WHOLE))


def _fields(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Each field that differs, as deep as both are objects."""
    if json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            inside = f"{path}.{name}" if path else name
            if name not in old:
                yield f"{inside}: now {_short(new[name])}"
            elif name not in new:
                yield f"{inside}: was {_short(old[name])}"
            else:
                yield from _fields(old[name], new[name], inside)
        return
    yield f"{path}: {_short(old)} → {_short(new)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
