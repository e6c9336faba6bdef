"""Walks an expression backwards, from what is wanted of its value to what it wants of the names it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from translator.expressions.node import SyntaxNode
from translator.expressions.syntax import ExpressionTree
from translator.projection.views import View, first_step
from translator.projection.want import NOTHING, PASSED, SHAPE, WHOLE, Want

_POSITIONAL: Final = frozenset({"focus", "index", "parent"})
_CONTENT_WITH_ONE: Final = frozenset(
    {"abs", "append", "average", "boolean", "ceil", "count", "distinct", "exists", "floor", "join", "keys"}
    | {"length", "lowercase", "max", "merge", "min", "not", "number", "reverse", "spread", "sqrt", "string"}
    | {"sum", "trim", "type", "uppercase", "zip"}
)
"""Functions that never take the context in place of a second argument."""
_PASSING_ELEMENTS: Final = frozenset({"map"})
_SELECTING_ELEMENTS: Final = frozenset({"filter", "sort"})


@dataclass(slots=True)
class _Sink:
    """Collects what is wanted of one value."""

    want: Want = NOTHING

    def add(self, want: Want) -> None:
        self.want = self.want.joined(want)


@dataclass(slots=True)
class _Scope:
    """The names in scope: those that the expression binds, and all others, which are from outside."""

    outside: dict[str, _Sink]
    context: _Sink
    bound: Mapping[str, _Sink] = field(default_factory=dict)
    views: Mapping[int, str] = field(default_factory=dict)
    """By where it begins each call that is worked out elsewhere, its text."""

    def sink(self, name: str) -> _Sink:
        if name in {"", "$"}:
            return self.context
        return self.bound[name] if name in self.bound else self.outside.setdefault(name, _Sink())

    def within(self, context: _Sink) -> _Scope:
        return _Scope(self.outside, context, self.bound, self.views)

    def binding(self, names: Mapping[str, _Sink]) -> _Scope:
        return _Scope(self.outside, self.context, {**self.bound, **names}, self.views)


def read_wants(tree: ExpressionTree, want: Want, views: Iterable[View] = ()) -> dict[str, Want]:
    """What the expression wants of each name from outside, if `want` is wanted of its value.

    Sound, not exact: on values cut down to it the expression gives the same. Each of `views` is a name too,
    by its text, and the expression wants nothing of what the view reads.
    """
    if tree.root is None:
        return {}
    if _is_beyond_us(tree):
        return dict.fromkeys(sorted(tree.free_names), WHOLE)
    texts = {view.start: view.source for view in views}
    scope = _Scope({}, _Sink(), views=texts)
    _read(tree.root, want, scope)
    names = (tree.free_names | set(texts.values())) & scope.outside.keys()
    found = {name: scope.outside[name].want for name in sorted(names)}
    return {name: wanted for name, wanted in found.items() if wanted != NOTHING}


def _is_beyond_us(tree: ExpressionTree) -> bool:
    """Whether names mean different things at different places, or values know where they come from."""
    is_shadowed = any(name.name in tree.free_names for name in tree.locals)
    nodes = tree.root.walk() if tree.root is not None else ()
    return bool(tree.late) or is_shadowed or any(node.kind in _POSITIONAL for node in nodes)


def _read(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    if node.kind in {"literal", "regex", "placeholder"}:
        return
    reader = _READERS.get(node.kind)
    if scope.views and first_step(node).start in scope.views and first_step(node).kind == "variable":
        scope.sink(scope.views[first_step(node).start]).add(want)
    elif reader is None:
        _everything(node, scope)
    else:
        reader(node, want, scope)


def _variable(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    scope.sink(node.name).add(want.changed() if node.keeps_array else want)


def _name(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    scope.context.add((want.changed() if node.keeps_array else want).of_field(node.name))


def _condition(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    asked, *values = node.children
    _read(asked, WHOLE, scope)
    for value in values:
        _read(value, want, scope)


def _array(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    """An array that an element gives is poured out, which a reference to it is not."""
    for child in node.children:
        _read(child, want.changed(), scope)


def _path(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    left, right = node.children
    elements = _Sink()
    if right.kind == "literal" and isinstance(right.value, str):
        elements.add(want.of_field(right.value))
    elif right.kind == "name":
        _read(right, want, scope.within(elements))
    else:
        elements.add(SHAPE)
        _read(right, want, scope.within(elements))
    if left.kind == "literal" and isinstance(left.value, str):
        # As a step of a path a text is the name of a field.
        scope.context.add(elements.want.changed().of_field(left.value))
    else:
        _read(left, elements.want.changed(), scope)


def _filter(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    left, predicate = node.children
    if left.kind == "array" or predicate.kind not in {"literal", "operator", "name", "path", "call"}:
        _everything(node, scope)
        return
    elements = _Sink(want.changed())
    _read(predicate, WHOLE, scope.within(elements))
    _read(left, elements.want.changed(), scope)


def _block(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    """Its last part gives the value; what a name is wanted for is known when the rest has been read."""
    names = {name: _Sink() for name in _declared(node)}
    inner = scope.binding(names)
    for child in reversed(node.children):
        wanted = want if child is node.children[-1] else WHOLE
        if child.kind == "bind":
            variable, value = child.children
            names[variable.name].add(wanted if child is node.children[-1] else NOTHING)
            _read(value, names[variable.name].want, inner)
        else:
            _read(child, wanted, inner)


def _declared(block: SyntaxNode) -> Iterator[str]:
    for child in block.children:
        if child.kind == "bind":
            yield child.children[0].name


def _object(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    keys, values = node.children[::2], node.children[1::2]
    for key, value in zip(keys, values, strict=True):
        if key.kind == "literal" and isinstance(key.value, str):
            _read(value, want.at(key.value), scope)
            continue
        _read(key, WHOLE, scope)
        _read(value, WHOLE if want.fields else want, scope)


def _operator(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    """With null a comparison asks only whether there is something."""
    del want
    if node.value not in {"=", "!="}:
        _everything(node, scope)
        return
    left, right = node.children
    for side, other in ((left, right), (right, left)):
        is_null = other.kind == "literal" and other.value is None
        _read(side, PASSED if is_null else WHOLE, scope)


def _call(node: SyntaxNode, want: Want, scope: _Scope) -> None:
    procedure, *arguments = node.children
    if procedure.start in scope.views:
        scope.sink(scope.views[procedure.start]).add(want)
        return
    name = procedure.name if procedure.kind == "variable" and procedure.name not in scope.bound else ""
    if name == "exists" and len(arguments) == 1:
        _read(arguments[0], PASSED, scope)
    elif name == "count" and len(arguments) == 1:
        _read(arguments[0], SHAPE, scope)
    elif name in _PASSING_ELEMENTS | _SELECTING_ELEMENTS and _is_function(arguments):
        values, function = arguments
        elements = _Sink(want.changed() if name in _SELECTING_ELEMENTS else SHAPE)
        result = WHOLE if name in _SELECTING_ELEMENTS else want.changed()
        _lambda(function, [elements] * (2 if name == "sort" else 1), result, scope)
        _read(values, elements.want.changed(), scope)
    else:
        _everything(node, scope)


def _is_function(arguments: list[SyntaxNode]) -> bool:
    return len(arguments) == 2 and arguments[1].kind == "lambda"


def _lambda(node: SyntaxNode, given: list[_Sink], want: Want, scope: _Scope) -> None:
    """Its parameters are elements of what it is applied to, as far as that is known; the rest are places."""
    *parameters, body = node.children
    if len(parameters) > 2 and given:
        # The third parameter is the whole array.
        given[0].add(WHOLE)
    sinks = [*given, *(_Sink() for _ in parameters)]
    names = {each.name: sink for each, sink in zip(parameters, sinks, strict=False)}
    _read(body, want, scope.binding(names))


def _everything(node: SyntaxNode, scope: _Scope) -> None:
    """Of what is not understood in detail, all is wanted."""
    if node.kind in {"wildcard", "descendant", "parent"} or _may_take_context(node):
        scope.context.add(WHOLE)
    if node.kind == "bind":
        _read(node.children[1], WHOLE, scope)
        return
    for child in node.children:
        _read(child, WHOLE, scope)


def _may_take_context(node: SyntaxNode) -> bool:
    """Whether it is a function that may be applied to the context for want of an argument."""
    if node.kind not in {"call", "partial"}:
        return False
    return len(node.children) < 2 or node.children[0].value not in _CONTENT_WITH_ONE


_Reader: TypeAlias = Callable[[SyntaxNode, Want, _Scope], None]
_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        "variable": _variable,
        "name": _name,
        "path": _path,
        "filter": _filter,
        "condition": _condition,
        "block": _block,
        "object": _object,
        "array": _array,
        "operator": _operator,
        "call": _call,
        "lambda": lambda node, _, scope: _lambda(node, [], WHOLE, scope),
    }
)
