"""States before their variables are placed: expressions still use the definition's own names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from translator.asl import Distributed, Origin, Retrier
from translator.expressions.folding import folded, is_literal
from translator.expressions.rewrite import rewrite
from translator.expressions.sources import source_of
from translator.expressions.syntax import parse_expression
from translator.json_value import JsonValue

if TYPE_CHECKING:
    from translator.lower.values import Names

Kind: TypeAlias = Literal["pass", "task", "choice", "wait", "succeed", "fail", "parallel", "map"]
HANDLED: Final = "handled"
"""The key of the state that ends a run whose failure was resolved."""
INVOKE: Final = "arn:aws:states:::lambda:invoke"
END: Final = ""
"""The target of a transition that ends its scope."""


@dataclass(slots=True)
class Transition:
    """Where a state leads: `assign` is evaluated before it, `then` after it, in that order."""

    target: str
    assign: dict[str, JsonValue] = field(default_factory=dict)
    then: dict[str, JsonValue] = field(default_factory=dict)
    reset: frozenset[str] = frozenset()
    """Variables of a loop that a new iteration finds as at first."""
    won: str = ""
    """Of a Catch: the `join: first` that a branch ended its race for."""
    port: str | None = None
    """The port of a condition that takes it."""

    @property
    def assigned(self) -> frozenset[str]:
        """Every variable that the transition gives a value."""
        return frozenset(self.assign) | frozenset(self.then)


@dataclass(slots=True)
class Draft:
    """One state. `fields` hold what it evaluates on entry; `name` is a wish."""

    key: str
    name: str
    origin: Origin
    kind: Kind
    fields: dict[str, JsonValue] = field(default_factory=dict)
    success: Transition | None = None
    """Where it leads when it went well; of a Choice, the Default."""
    rules: list[tuple[str, Transition]] = field(default_factory=list)
    catches: list[tuple[tuple[str, ...], Transition]] = field(default_factory=list)
    branches: list[DraftScope] = field(default_factory=list)
    body: BodyDraft | None = None
    """Of a body: how its scopes, which are then the branches, hang together with what is around."""
    again: Again | None = None
    """Of a `while`: the body that leads back to this state."""
    resource: str = INVOKE
    """Of a Task: what it calls."""
    retry: tuple[Retrier, ...] = ()
    timeout_seconds: int | None = None
    shown: JsonValue = None
    """What the state gives as its output while it does not end its scope."""
    has_shown: bool = False
    wins: str = ""
    """Of a Fail: the `join: first` that it gives its branch's values to."""

    def transitions(self) -> Iterator[Transition]:
        """All of them, success first."""
        if self.success is not None:
            yield self.success
        for _, transition in self.rules:
            yield transition
        for _, transition in self.catches:
            yield transition


@dataclass(frozen=True, slots=True)
class Result:
    """What a body gives at its end: as declared, or by its `leaves`; None declares nothing.

    With `key` it is put into an object of that one field, as a list of one; `index` is the variable of
    which that object then tells the value too.
    """

    leaves: tuple[str, ...]
    declared: JsonValue
    names: Names
    key: str | None = None
    index: str | None = None


@dataclass(frozen=True, slots=True)
class BodyDraft:
    """A body as a state's own scopes: each begins anew, with a result instead of its variables."""

    results: tuple[Result, ...]
    """One a scope."""
    shared: frozenset[str]
    """The variables that are the same inside and outside; of them it hands out what it assigned."""
    is_boxed: bool = False
    """Whether what it hands out stands beside the result, which is then called `result__`."""
    iterating: str | None = None
    """The `for_each` of which it is an iteration."""
    concurrency: int | None = None
    distributed: Distributed | None = None
    """Where iterations are executions of their own: what they give is then written apart, and gathered."""


@dataclass(frozen=True, slots=True)
class Again:
    """An iteration in the scope of the state that repeats it: its states, and its result's variable."""

    states: tuple[str, ...]
    variable: str
    result: Result


@dataclass(slots=True)
class DraftScope:
    """One list of states; states by key, `start` a key."""

    start: str
    states: dict[str, Draft]


def batch_key(key: str) -> str:
    """The key of the state inside a child execution that goes over the items of its batch."""
    return f"batch:{key}"


def expression(source: str) -> str:
    """The ASL form of an expression."""
    return f"{{% {source} %}}"


def reads(value: JsonValue) -> frozenset[str]:
    """The variables that a value reads; `$states` is not one."""
    found: set[str] = set()
    pending = [value]
    while pending:
        inner = pending.pop()
        source = source_of(inner)
        if source is not None:
            found |= _free_names(source)
        elif isinstance(inner, Mapping):
            pending += inner.values()
        elif isinstance(inner, (list, tuple)):
            pending += inner
    return frozenset(found)


def _free_names(source: str) -> frozenset[str]:
    """Most sources need no reading: nothing but `$states` stands in them, or they are one name."""
    if not _MAY_READ.search(source):
        return frozenset()
    if _ONE_NAME.fullmatch(source):
        return frozenset({source[1:]})
    return parse_expression(source).free_names - {"states"}


_MAY_READ: Final = re.compile(r"\$(?!states\b)")
_ONE_NAME: Final = re.compile(r"\$[A-Za-z_]\w*", re.ASCII)


def renamed(value: JsonValue, names: Mapping[str, str]) -> JsonValue:
    """The value with each variable replaced by its text in `names`."""
    source = source_of(value)
    if source is not None:
        return expression(rewritten(source, names)) if names else value
    if isinstance(value, Mapping):
        return {key: renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [renamed(inner, names) for inner in value]
    return value


def rewritten(source: str, names: Mapping[str, str]) -> str:
    """An expression with its variables replaced; what is fixed by that is worked out."""
    text = rewrite(source, names)
    return folded(text) if any(is_literal(name) for name in names.values()) else text
