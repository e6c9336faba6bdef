"""What a node type is: one file of translator/nodes that holds everything about it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias, TypeVar

import pydantic
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from translator.error_classes import Validation
from translator.json_value import JsonObject, JsonValue

Effect = Literal["read", "idempotent", "once"]

EXPRESSION_REFUSED: Final = "expression_refused"
"""The pydantic error type of a `{% … %}` where only a fixed value may stand: never to be dropped."""
EXPRESSION_REQUIRED: Final = "expression_required"
"""The pydantic error type of anything else where one whole `{% … %}` must stand."""


_BETWEEN: Final = re.compile(r"%\}.*\{%", re.DOTALL)


EXPRESSION_FORMAT: Final = "expression"
"""The JSON Schema `format` of a text that must be one whole `{% … %}`."""


def is_expression(value: object) -> bool:
    """Whether a value is one whole `{% … %}` and nothing else."""
    if not isinstance(value, str) or not value.strip():
        return False
    text = value.strip()
    around = value.partition(text)
    # Spaces would make a text of it; the line ends of a YAML block do not count.
    is_bare = all(not part or "\n" in part for part in (around[0], around[2]))
    is_one = text.startswith("{%") and text.endswith("%}") and _BETWEEN.search(text) is None
    return is_bare and is_one


def inner(expression: str) -> str:
    """What stands between the marks of a whole `{% … %}`."""
    return expression.strip().removeprefix("{%").removesuffix("%}").strip()


def _has_marks(value: JsonValue) -> bool:
    if isinstance(value, Mapping):
        return any(_has_marks(inner) for inner in value.values())
    if isinstance(value, (list, tuple)):
        return any(_has_marks(inner) for inner in value)
    return isinstance(value, str) and "{%" in value


def _refuse_expression(value: Any) -> Any:
    if isinstance(value, str) and "{%" in value:
        raise PydanticCustomError(
            EXPRESSION_REFUSED, "must be a fixed value: an expression cannot stand here"
        )
    return value


def _require_expression(value: str) -> str:
    if not is_expression(value):
        raise PydanticCustomError(EXPRESSION_REQUIRED, "must be one expression, written {% … %}")
    return value


Fixed: Final = BeforeValidator(_refuse_expression)
"""Marks a parameter that shapes the state machine and so cannot be an expression."""
Expression: TypeAlias = Annotated[
    str, AfterValidator(_require_expression), WithJsonSchema({"type": "string", "format": EXPRESSION_FORMAT})
]
"""A parameter that must be one whole `{% … %}`."""
Template: TypeAlias = pydantic.JsonValue
"""A parameter that is any JSON, with or without expressions in it."""


class Parameters(BaseModel):
    """The base of every node type's parameters: unknown ones are refused, values never change.

    The text below a parameter is its documentation, in the JSON Schema too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


ParametersOfType = TypeVar("ParametersOfType", bound=Parameters)


def checked(model: type[ParametersOfType], parameters: Mapping[str, Any]) -> ParametersOfType:
    """The evaluated parameters as their model; raises Validation, naming each that does not fit."""
    try:
        return model.model_validate(dict(parameters))
    except ValidationError as invalid:
        raise Validation("; ".join(_complaints(invalid))) from invalid


def _complaints(invalid: ValidationError) -> list[str]:
    return [
        f'parameter "{".".join(str(part) for part in error["loc"])}": {error["msg"]}'
        if error["loc"]
        else error["msg"]
        for error in invalid.errors(include_url=False, include_context=False)
    ]


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
    """Lowers to a Wait: exactly one of `seconds` and `until` (ISO 8601), each may be an expression."""

    seconds: JsonValue = None
    until: JsonValue = None


@dataclass(frozen=True, slots=True)
class Invoking:
    """Lowers to a Task that calls node_task, which calls the type's `run` with the evaluated parameters."""

    parameters: JsonValue
    is_evaluation: bool = False
    """Whether the parameters are no parameters but a value, whose expressions the function evaluates."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Lowers to the end of the whole run; `error` and `cause` only for `failed`."""

    status: Literal["succeeded", "failed"]
    output: JsonValue = None
    error: JsonValue = None
    cause: JsonValue = None


@dataclass(frozen=True, slots=True)
class Starting:
    """Lowers to a Task that starts a run of another workflow, and waits for its end or not."""

    workflow: str
    trigger: str
    body: JsonValue
    waits: bool


@dataclass(frozen=True, slots=True)
class Resuming:
    """Lowers to where a run goes on behind nodes that have ended before it; of no node type.

    `caught` is the pinned node whose failure is `$error` from here on.
    """

    caught: str | None = None


@dataclass(frozen=True, slots=True)
class Iterating:
    """Lowers to a Map over the node's body: once per item; `result` None means the rule for runs.

    `tolerated_count` and `tolerated_percentage` are how many iterations may fail, None if none may.
    """

    items: JsonValue
    result: JsonValue
    concurrency: int | None = None
    tolerated_count: int | None = None
    tolerated_percentage: float | None = None
    children: Literal["STANDARD", "EXPRESS"] | None = None
    """What kind of execution of its own each iteration is; None: it runs inside the run."""
    batch_size: int | None = None
    """How many items such an execution takes; None: one, as an iteration."""

    @property
    def tolerates(self) -> bool:
        """Whether the output tells of failed iterations."""
        return self.tolerated_count is not None or self.tolerated_percentage is not None

    @property
    def is_read(self) -> bool:
        """Whether its items are handed to executions as an object: all but those that are written out."""
        return self.children is not None and _has_marks(self.items)

    @property
    def may_fail_too_often(self) -> bool:
        """Whether it tells by an error of its own that more have failed than may."""
        return self.tolerates or self.children is not None


@dataclass(frozen=True, slots=True)
class Repeating:
    """Lowers to a Choice before the node's body, which leads back to it; `result` as of `Iterating`."""

    condition: str
    result: JsonValue
    max_iterations: int


@dataclass(frozen=True, slots=True)
class Branching:
    """Lowers to a Parallel of the connected parts of the node's body."""

    names: Mapping[str, str]
    """By first node what its branch is called, where it is not called by that node."""


Lowering = (
    Passing | Choosing | Waiting | Invoking | Ending | Starting | Resuming | Iterating | Repeating | Branching
)


def _nobody_waits(answer: JsonObject) -> bool:
    del answer
    return True


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a node's `run` may know besides its parameters."""

    node_key: str
    """Names this piece of work over retries, redrives and resumes: also the idempotency key sent outside."""
    attempt: int
    """0 on the first try."""
    timeout_seconds: float
    """How long this attempt may take."""
    effect: Effect = "once"
    """What repeating the node would do to the world, by its definition or its type."""
    respond: Callable[[JsonObject], bool] = field(default=_nobody_waits, compare=False, repr=False)
    """Answers who waits for the run; False if another node, or the same in another iteration, has."""


class NodeType(ABC):
    """The contract of a node type; a test walks translator/nodes and holds every file to it.

    The class's docstring is the type's documentation, `example` a node of the type in YAML.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    example: ClassVar[str]
    Parameters: ClassVar[type[Parameters]]
    has_body: ClassVar[bool] = False
    """Whether other nodes name one of this type as their `parent`."""
    names_inside: ClassVar[frozenset[str]] = frozenset()
    """The names that it gives to what its body reads, besides those of nodes."""
    evaluated_inside: ClassVar[frozenset[str]] = frozenset()
    """The parameters that are evaluated at the end of the body, where its nodes can be read."""
    starts_runs: ClassVar[bool] = False
    """Whether its work is a run of another workflow."""

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

    def is_safe_to_repeat(self, parameters: Mapping[str, Any]) -> bool:
        """Whether a `once` node's work may be done again under its key, because the outside knows the key.

        `parameters` are evaluated but not checked.
        """
        del parameters
        return False

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject | None:
        """A JSON Schema of the output of a node that succeeded, None if only the run can tell.

        `parameters` are as written, already checked. A type that lowers to `Passing` needs none: its output's
        shape is inferred from the value that it passes.
        """
        del parameters
        return None

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
