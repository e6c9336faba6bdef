"""What a node type is: one file of translator/nodes that holds everything about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from translator.json_value import JsonValue

Effect = Literal["read", "idempotent", "once"]


class Parameters(BaseModel):
    """The base of every node type's parameters: unknown ones are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Passing:
    """Lowers to a Pass: `output` is the value, `assign` sets variables; no Lambda is called.

    Both may hold `{% … %}` expressions in the definition's own names.
    """

    output: JsonValue
    assign: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choosing:
    """Lowers to a Choice: the first case whose expression is true gives the port, else `default`.

    With no `default` a value that matches nothing fails the node with the error NoMatch.
    """

    cases: tuple[tuple[str, str], ...]
    """Pairs of port and condition (a whole `{% … %}` expression)."""
    default: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Lowers to a Wait: exactly one of `seconds` (number or expression) and `until` (ISO 8601 or expression)."""

    seconds: JsonValue = None
    until: JsonValue = None


@dataclass(frozen=True, slots=True)
class Invoking:
    """Lowers to a Task that calls node_task, which calls the type's `run` with the evaluated parameters."""

    parameters: JsonValue


@dataclass(frozen=True, slots=True)
class Ending:
    """Lowers to the end of the whole run; `error` and `cause` only for `failed`."""

    status: Literal["succeeded", "failed"]
    output: JsonValue = None
    error: JsonValue = None
    cause: JsonValue = None


Lowering = Passing | Choosing | Waiting | Invoking | Ending


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a node's `run` may know besides its parameters."""

    node_key: str
    """Names this piece of work over retries, redrives and resumes: also the idempotency key sent outside."""
    attempt: int
    """0 on the first try."""
    timeout_seconds: float
    """How long this attempt may take."""


class NodeType(ABC):
    """The contract of a node type; a test walks translator/nodes and holds every file to it.

    The class's docstring is the type's documentation, `example` a node of the type in YAML.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    example: ClassVar[str]
    Parameters: ClassVar[type[Parameters]]

    def ports(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """The ports an edge may leave by, besides `error` on types that can fail."""
        del parameters
        return ("out",)

    def can_fail(self) -> bool:
        """Whether the type has an `error` port."""
        return True

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """What repeating the node would do to the world, unless the definition says otherwise."""
        del parameters
        return "once"

    @abstractmethod
    def lower(self, parameters: Mapping[str, Any]) -> Lowering:
        """What the node compiles to; `parameters` are as written, already checked."""

    def run(self, parameters: Mapping[str, Any], context: RunContext) -> JsonValue:
        """The node's work, for types that lower to `Invoking`; raises a NodeError.

        `parameters` are evaluated but not checked: an expression may have given anything.
        """
        raise NotImplementedError(
            f"node type {self.name!r} does not run in a function: {parameters!r} {context!r}"
        )
