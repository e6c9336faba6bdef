"""How large an output may stay inline where several travel together, in one state or out of branches.

Every value that comes from outside counts one share, what an expression copies each time. The shares of the
largest group that a state holds at once divide what it can hold (AWS: Step Functions quotas, 256 KiB).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from translator.asl import Choice, Machine, Map, Parallel, State, States, Task, inner_scopes, with_inner
from translator.expressions.node import SyntaxNode
from translator.expressions.sources import source_of
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue
from translator.projection.want import RESERVED

STATE_BYTES: Final = 224 * 1024
"""What the values in one state may have together; the rest is for what the machine itself adds."""
INLINE_BYTES: Final = 64 * 1024
"""What an output may have at most, as node_task has it; so up to three shares need no lower limit."""
ITEMS_TOGETHER: Final = 100
"""So many results of a Map stay below what a state can hold together, whatever each of them is."""
_MOST_SHARES: Final = 1_000
_ROUNDS: Final = 5
"""A loop that collects values grows without end; that cannot be bounded here."""

SMALL_RESULTS: Final = frozenset(
    {
        "sum",
        "count",
        "max",
        "min",
        "average",
        "exists",
        "boolean",
        "not",
        "number",
        "length",
        "contains",
        "type",
    }
    | {"abs", "floor", "ceil", "round", "power", "sqrt", "now", "millis", "toMillis", "fromMillis", "hash"}
    | {"random", "uuid", "error", "assert", "substringBefore", "formatNumber", "formatInteger"}
)
_ITEM: Final = ["context", "Map", "Item", "Value"]
_TRIGGER: Final = ["context", "Execution", "Input", "trigger"]


def limited(machine: Machine) -> Machine:
    """The machine with the limit in the payload of each node's Task, where it is below the usual one."""
    weighing = _Weighing.of(machine)
    largest = max(weighing.groups(machine.states), default=0)
    return replace(machine, states=_with_limit(machine.states, STATE_BYTES // max(largest, 1), weighing))


def _with_limit(scope: States, limit: int, weighing: _Weighing) -> States:
    states = {name: _of_state(state, limit, weighing) for name, state in scope.states.items()}
    return States(scope.start_at, states)


def _of_state(state: State, limit: int, weighing: _Weighing) -> State:
    if isinstance(state, Task):
        payload = state.arguments.get("Payload")
        if isinstance(payload, Mapping) and limit < INLINE_BYTES:
            return replace(
                state, arguments={**state.arguments, "Payload": {**payload, "inline_limit": limit}}
            )
        return state
    if isinstance(state, Map):
        together = weighing.handed_out(state.processor) * _results_together(state)
        limit = min(limit, STATE_BYTES // max(together, 1))
    return with_inner(state, lambda scope: _with_limit(scope, limit, weighing))


def _results_together(state: Map) -> int:
    """How many results one output holds: what executions give is written apart, but for a batch's."""
    if state.distributed is None:
        return ITEMS_TOGETHER
    return min(state.distributed.batch_size or 1, ITEMS_TOGETHER)


@dataclass
class _Weighing:
    """The shares of each variable, by its name in the machine."""

    shares: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, machine: Machine) -> _Weighing:
        weighing = cls()
        states = list(_every(machine.states))
        for _ in range(_ROUNDS):
            before = dict(weighing.shares)
            for state in states:
                for assign in _assigns(state):
                    for name, value in assign.items():
                        weighing._raise(name, weighing._shares(value, state))
            if weighing.shares == before:
                break
        return weighing

    def _raise(self, name: str, shares: int) -> None:
        self.shares[name] = min(max(self.shares.get(name, 0), shares), _MOST_SHARES)

    def groups(self, scope: States) -> Iterator[int]:
        """The shares of everything that one state holds at once."""
        for state in _every(scope):
            for name in ("selector", "items", "output"):
                yield self._shares(getattr(state, name, None), state)
            if isinstance(state, Task):
                yield self._shares(_varying(state), state)
            for assign in _assigns(state):
                yield sum(self._shares(value, state) for value in assign.values())
            if isinstance(state, Parallel):
                yield sum(self.handed_out(branch) for branch in state.branches)

    def handed_out(self, branch: States) -> int:
        """The shares of what a scope gives at its end."""
        outputs = (getattr(state, "output", None) for state in branch.states.values() if _ends(state))
        return max((self._shares(output, None) for output in outputs), default=0)

    def _shares(self, value: JsonValue, state: State | None) -> int:
        source = source_of(value)
        if source is not None:
            root = parse_expression(source).root
            return 0 if root is None else self._of(root, state, {})
        if isinstance(value, Mapping):
            return sum(self._shares(inner, state) for inner in value.values())
        return sum(self._shares(inner, state) for inner in value) if isinstance(value, list) else 0

    def _of(self, node: SyntaxNode, state: State | None, local: Mapping[str, int]) -> int:
        match node.kind:
            case "variable":
                return local[node.name] if node.name in local else self.shares.get(node.name, 0)
            case "path" | "filter" | "sort" | "index" | "focus":
                return self._of_path(node, state, local)
            case "condition":
                return max((self._of(child, state, local) for child in node.children[1:]), default=0)
            case "operator" if node.value != "&":
                return 0
            case "call" if node.children[0].value in SMALL_RESULTS:
                return 0
            case "block":
                return self._of_block(node, state, local)
        return min(sum(self._of(child, state, local) for child in node.children), _MOST_SHARES)

    def _of_path(self, node: SyntaxNode, state: State | None, local: Mapping[str, int]) -> int:
        names = _names(node)
        if RESERVED in names:
            return 0
        if names[:1] == ["$states"]:
            return self._of_service(names[1:], state)
        left, *rest = node.children
        more = rest if node.kind == "path" else ()
        return self._of(left, state, local) + sum(self._of(child, state, local) for child in more)

    def _of_service(self, names: list[str], state: State | None) -> int:
        """`$states.…`: an answer and `$trigger` are from outside; branches hand out variables."""
        if names[:1] != ["result"]:
            return int(names[:4] in (_TRIGGER, _ITEM))
        if not isinstance(state, Parallel):
            return 1
        if len(names) > 1:
            return self.shares.get(names[1], 0)
        return sum(self.handed_out(branch) for branch in state.branches)

    def _of_block(self, node: SyntaxNode, state: State | None, local: Mapping[str, int]) -> int:
        known = dict(local)
        shares = 0
        for child in node.children:
            bound = child.kind == "bind"
            shares = self._of(child.children[1] if bound else child, state, known)
            if bound:
                known[child.children[0].name] = shares
        return shares


def _varying(task: Task) -> JsonValue:
    """Of a Task's arguments what holds values: the rest of a payload is the machine's own."""
    payload = task.arguments.get("Payload")
    return payload.get("parameters") if isinstance(payload, Mapping) else task.arguments


def _names(node: SyntaxNode) -> list[str]:
    """The variable and the fields of a plain path, brackets left out."""
    if node.kind == "path":
        return [*_names(node.children[0]), *_names(node.children[1])]
    if node.kind == "filter":
        return _names(node.children[0])
    return (
        [f"${node.name}" if node.kind == "variable" else node.name]
        if node.kind in {"variable", "name"}
        else [""]
    )


def _ends(state: State) -> bool:
    return getattr(state, "next", None) is None and not isinstance(state, Choice)


def _every(scope: States) -> Iterator[State]:
    for state in scope.states.values():
        yield state
        for inner in inner_scopes(state):
            yield from _every(inner)


def _assigns(state: State) -> Iterator[Mapping[str, JsonValue]]:
    """Every `Assign` of a state: its own, and of its rules and catchers."""
    for each in (state, *getattr(state, "rules", ()), *getattr(state, "catch", ())):
        assign: Any = getattr(each, "assign", None)
        if assign:
            yield assign
