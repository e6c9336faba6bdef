"""Tells the variables that an expression binds itself from those that it takes from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from translator.expressions.functions import KNOWN, REFUSED
from translator.expressions.node import SyntaxNode


class Reference(NamedTuple):
    """One use of a variable from outside; `path` are the fields that are read through it, as far as known."""

    name: str
    start: int
    end: int
    path: tuple[str, ...] = ()
    is_subscripted: bool = False
    """Whether `[ … ]`, `{ … }`, `^( … )`, `@` or `#` applies to the variable itself, or it follows a `.`."""
    path_ends: tuple[int, ...] = ()
    """Where each field of `path` ends."""


class LocalName(NamedTuple):
    """A variable that the expression binds itself: by `:=`, as a parameter, or by `@` or `#`."""

    name: str
    start: int
    end: int


class FunctionUse(NamedTuple):
    """One use of a function that the expression does not define: called, or handed on as a value."""

    name: str
    start: int
    end: int
    called: bool


class ExistsCall(NamedTuple):
    """`$exists($name)` from its `$` to behind its bracket; `argument` is where `$name` begins."""

    name: str
    start: int
    end: int
    argument: int


@dataclass(frozen=True, slots=True)
class Scoping:
    """What the walk found, in the order of the text."""

    references: tuple[Reference, ...]
    functions: tuple[FunctionUse, ...]
    locals: tuple[LocalName, ...]
    late: tuple[LocalName, ...]
    """Uses, inside a function, of a name that is bound outside of it only later or at the same time."""
    exists_calls: tuple[ExistsCall, ...]
    contextless: tuple[SyntaxNode, ...]
    """`$`, `$$`, field names and wildcards that stand where there is no value to apply them to."""


def bind_names(root: SyntaxNode, source: str) -> Scoping:
    """Resolves every variable of the expression by JSONata's own scoping."""
    walk = _Walk(source)
    walk.visit(root, _Frame(None, declared=_declared(root)))
    return Scoping(
        tuple(walk.references),
        tuple(walk.functions),
        tuple(walk.locals),
        tuple(walk.late),
        tuple(walk.exists_calls),
        tuple(walk.contextless),
    )


@dataclass(slots=True)
class _Frame:
    """A scope at run time: a block, a function's body, or the steps behind `@` or `#`."""

    outer: _Frame | None
    declared: frozenset[str] = frozenset()
    """All names that are ever bound here: what a function defined here may see when it is called."""
    bound: set[str] = field(default_factory=set)
    is_function: bool = False
    has_context: bool = False

    def knows(self, name: str) -> Literal["now", "later"] | None:
        """Whether the name is bound here when the text comes to it, or may be when a function is called."""
        frame: _Frame | None = self
        inside_function = False
        while frame is not None:
            if name in frame.bound:
                return "now"
            if inside_function and name in frame.declared:
                return "later"
            inside_function = inside_function or frame.is_function
            frame = frame.outer
        return None

    def within(self, names: frozenset[str]) -> _Frame:
        """The scope of what is applied to a value: `$` is that value there."""
        return _Frame(self, names, set(names), has_context=True)


_NO_NAMES: frozenset[str] = frozenset()


class _Walk:
    """One pass over a tree; `visit` gives the names that a path binds for the steps behind it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.references: list[Reference] = []
        self.functions: list[FunctionUse] = []
        self.locals: list[LocalName] = []
        self.late: list[LocalName] = []
        self.exists_calls: list[ExistsCall] = []
        self.contextless: list[SyntaxNode] = []

    def visit(self, node: SyntaxNode, frame: _Frame, after: tuple[SyntaxNode, ...] = ()) -> frozenset[str]:
        match node.kind:
            case "literal" | "regex" | "placeholder":
                return _NO_NAMES
            case "name" | "wildcard" | "descendant" | "parent":
                if not frame.has_context:
                    self.contextless.append(node)
                return _NO_NAMES
            case "variable":
                return self._variable(node, frame, after)
            case "path" | "filter" | "group" | "sort" | "focus" | "index":
                return self._steps(node, frame, after)
            case "call" | "partial":
                return self._call(node, frame)
            case "bind":
                return self._bind(node, frame)
            case "lambda":
                return self._lambda(node, frame)
            case "block":
                frame = _Frame(frame, _declared(*node.children), has_context=frame.has_context)
            case "transform":
                frame = frame.within(_NO_NAMES)
        for child in node.children:
            self.visit(child, frame)
        return _NO_NAMES

    def _variable(
        self, node: SyntaxNode, frame: _Frame, after: tuple[SyntaxNode, ...], *, subscripted: bool = False
    ) -> frozenset[str]:
        name = node.name
        if name in {"", "$"}:
            if not frame.has_context:
                self.contextless.append(node)
        elif (known := frame.knows(name)) is not None:
            if known == "later":
                self.late.append(LocalName(name, node.start, node.end))
        elif _is_function(name):
            self.functions.append(FunctionUse(name, node.start, node.end, called=False))
        else:
            subscripted = subscripted or node.keeps_array
            fields, ends = tuple(step.name for step in after), tuple(step.end for step in after)
            self.references.append(Reference(name, node.start, node.end, fields, subscripted, ends))
        return _NO_NAMES

    def _steps(self, node: SyntaxNode, frame: _Frame, after: tuple[SyntaxNode, ...]) -> frozenset[str]:
        left, *rest = node.children
        if node.kind == "path":
            step = _field(rest[0])
            after = (step, *after) if step is not None else ()
        if node.kind == "group":
            after = ()
        if left.kind == "variable":
            names = self._variable(left, frame, after, subscripted=node.kind != "path")
        else:
            names = self.visit(left, frame, after)
        if node.kind in {"focus", "index"}:
            return names | {self._local(rest[0])}
        inner = frame.within(names)
        for part in rest:
            if part.kind == "variable":
                self._variable(part, inner, (), subscripted=node.kind == "path")
                continue
            exported = self.visit(part, inner)
            names |= exported if node.kind == "path" else _NO_NAMES
        return names

    def _local(self, variable: SyntaxNode) -> str:
        self.locals.append(LocalName(variable.name, variable.start, variable.end))
        return variable.name

    def _call(self, node: SyntaxNode, frame: _Frame) -> frozenset[str]:
        procedure, *arguments = node.children
        if procedure.kind == "variable" and procedure.name not in {"", "$"}:
            if not frame.knows(procedure.name):
                use = FunctionUse(procedure.name, procedure.start, procedure.end, called=True)
                self.functions.append(use)
                self._exists(node, use, arguments, frame)
        elif procedure.kind == "name":
            # `sum(x)` is a call of nothing: JSONata's functions begin with `$`.
            self.functions.append(FunctionUse(procedure.name, procedure.start, procedure.end, called=True))
        else:
            self.visit(procedure, frame)
        for argument in arguments:
            self.visit(argument, frame)
        return _NO_NAMES

    def _exists(self, node: SyntaxNode, use: FunctionUse, arguments: list[SyntaxNode], frame: _Frame) -> None:
        if use.name != "exists" or node.kind != "call" or len(arguments) != 1:
            return
        argument = arguments[0]
        bare = argument.kind == "variable" and not argument.keeps_array and argument.name not in {"", "$"}
        if bare and not frame.knows(argument.name) and not _is_function(argument.name):
            end = self.source.index(")", _behind_comments(self.source, argument.end)) + 1
            self.exists_calls.append(ExistsCall(argument.name, use.start, end, argument.start))

    def _bind(self, node: SyntaxNode, frame: _Frame) -> frozenset[str]:
        variable, value = node.children
        self.visit(value, frame)
        frame.bound.add(self._local(variable))
        return _NO_NAMES

    def _lambda(self, node: SyntaxNode, frame: _Frame) -> frozenset[str]:
        *parameters, body = node.children
        names = frozenset(self._local(parameter) for parameter in parameters)
        inner = _Frame(
            frame, names | _declared(body), set(names), is_function=True, has_context=frame.has_context
        )
        self.visit(body, inner)
        return _NO_NAMES


def _is_function(name: str) -> bool:
    """Whether a name that is not called is a function; `$error` is the failure unless it is called."""
    return (name in KNOWN and name != "error") or name in REFUSED


def _field(node: SyntaxNode) -> SyntaxNode | None:
    """The name of the one field that a step reads, if it reads one."""
    while node.kind in {"filter", "index", "focus"}:
        node = node.children[0]
    is_field = node.kind == "name" or (node.kind == "literal" and isinstance(node.value, str))
    return node if is_field else None


def _declared(*roots: SyntaxNode) -> frozenset[str]:
    """The names that these parts bind in the scope they stand in, at any time."""
    names: set[str] = set()
    pending = list(roots)
    while pending:
        node = pending.pop()
        if node.kind == "bind":
            names.add(node.children[0].name)
        if node.kind not in {"block", "lambda"}:
            pending.extend(node.children)
    return frozenset(names)


def _behind_comments(source: str, offset: int) -> int:
    while True:
        while source[offset].isspace():
            offset += 1
        if not source.startswith("/*", offset):
            return offset
        offset = source.index("*/", offset) + 2
