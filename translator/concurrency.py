"""`settings.concurrency` as functions read it: its key needs no evaluator of expressions there."""

from __future__ import annotations

from collections.abc import Iterator

from translator.definition.model import WorkflowDefinition
from translator.expressions.node import SyntaxNode
from translator.expressions.syntax import parse_expression
from translator.expressions.template import ExpressionPart, parse_template
from translator.json_value import JsonObject, JsonValue


class KeyMistakeError(ValueError):
    """A key that is more than fields of `$trigger` and text; `offset` counts characters of the template."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def concurrency_of(definition: WorkflowDefinition) -> JsonObject | None:
    """What layers.runtime.admission.limit reads; None of a definition without a limit."""
    settings = definition.settings.concurrency
    if settings is None:
        return None
    key = None if settings.key is None else list(key_parts(settings.key))
    return {
        "most": settings.limit,
        "on_limit": settings.on_limit,
        "priority": settings.priority,
        "key": key,
    }


def key_parts(template: str) -> tuple[JsonObject, ...]:
    """What the key is joined of: `{"path": [field, …]}` below `$trigger`, `{"text": …}`.

    Raises KeyMistakeError.
    """
    found: list[JsonObject] = []
    for part in parse_template(template).parts:
        if not isinstance(part, ExpressionPart):
            found.append({"text": part.text})
            continue
        tree = parse_expression(part.source)
        if tree.root is None or tree.problems:
            raise KeyMistakeError("it cannot be read", part.start)
        found += _joined(tree.root, part)
    if not any("path" in part for part in found):
        raise KeyMistakeError("it reads nothing of `$trigger`, so it is the same for all runs", 0)
    return tuple(found)


def _joined(node: SyntaxNode, part: ExpressionPart) -> Iterator[JsonObject]:
    if node.kind == "operator" and node.value == "&":
        for operand in node.children:
            yield from _joined(operand, part)
    elif node.kind == "literal" and isinstance(node.value, str):
        yield {"text": node.value}
    elif node.kind == "block" and len(node.children) == 1:
        yield from _joined(node.children[0], part)
    else:
        fields: list[JsonValue] = list(_path(node, part))
        if not fields:
            raise _beyond(node, part)
        yield {"path": fields}


def _path(node: SyntaxNode, part: ExpressionPart) -> Iterator[str]:
    if node.keeps_array:
        raise _beyond(node, part)
    if node.kind == "path":
        left, right = node.children
        if right.kind == "path" or (right.kind not in {"name", "literal"}):
            raise _beyond(right, part)
        yield from _path(left, part)
        yield from _field(right, part)
    elif not (node.kind == "variable" and node.value == "trigger"):
        raise _beyond(node, part)


def _field(node: SyntaxNode, part: ExpressionPart) -> Iterator[str]:
    if node.keeps_array or not isinstance(node.value, str):
        raise _beyond(node, part)
    yield node.value


def _beyond(node: SyntaxNode, part: ExpressionPart) -> KeyMistakeError:
    what = f'"{part.source[node.start : node.end]}"'
    return KeyMistakeError(f"{what} is neither a field of `$trigger` nor text", part.start + node.start)
