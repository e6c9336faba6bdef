"""for_each: runs its body once for each item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from translator.json_value import JsonObject
from translator.node_type import Effect, Fixed, Iterating, NodeType, Parameters, Template

MOST_INLINE: Final = 1_000
"""More items than this are worth an execution of their own each."""


class ForEachParameters(Parameters):
    """What is gone over, how much at a time, and what becomes of it."""

    items: Template
    """The items, as a list or an expression; nothing is no item, a single value is one."""
    output: Template = None
    """What an iteration gives, read at its end; not given, what the body's last nodes gave, by node."""
    concurrency: Annotated[int, Fixed, Field(ge=1, le=1_000)] | None = None
    """How many iterations run at once, at most; 1 is one after the other. Not given, as many as can."""
    tolerated_failures: Annotated[int, Fixed, Field(ge=0)] | None = None
    """How many iterations may fail; given, the output has `items` and `failed`."""
    tolerated_failure_percentage: Annotated[float, Fixed, Field(ge=0, le=100)] | None = None
    """The same as a share of all items."""
    mode: Annotated[Literal["auto", "inline", "distributed"], Fixed] = "auto"
    """Whether iterations run inside the run or as executions of their own; `auto` decides by `max_items`."""
    max_items: Annotated[int, Fixed, Field(ge=1, le=100_000_000)] | None = None
    """How many items there may be; above 1,000 `auto` takes executions of their own."""

    execution: Annotated[Literal["standard", "express"], Fixed] = "standard"
    """What kind the executions are; `express` is cheaper, and ends within five minutes."""
    batch_size: Annotated[int, Fixed, Field(ge=1, le=10_000)] | None = None
    """How many items one such execution takes; not given, one."""

    @model_validator(mode="after")
    def _has_one_tolerance(self) -> Self:
        if self.tolerated_failures is not None and self.tolerated_failure_percentage is not None:
            raise ValueError('give "tolerated_failures" or "tolerated_failure_percentage", not both')
        return self


class ForEach(NodeType):
    """Runs its body once for each item: the nodes that name it as their `parent`.

    Inside, `$item` is the item and `$index` its place, from 0. The output is the list of what the
    iterations gave, in the order of the items. If an iteration fails, the others are cancelled and the
    node fails, unless failures are tolerated: then the output is `items`, the list of what went well, and
    `failed`, a list of `error` and `index`.
    """

    name: ClassVar[str] = "for_each"
    summary: ClassVar[str] = "Run a body once for each item"
    example: ClassVar[str] = """\
id: ship_each
type: for_each
name: Ship every line of the order
parameters:
  items: "{% $trigger.body.lines %}"
  output: "{% $ship.tracking %}"
  concurrency: 5
"""
    Parameters: ClassVar[type[Parameters]] = ForEachParameters
    has_body: ClassVar[bool] = True
    names_inside: ClassVar[frozenset[str]] = frozenset({"item", "index"})
    evaluated_inside: ClassVar[frozenset[str]] = frozenset({"output"})

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """The node itself changes nothing outside the run."""
        del parameters
        return "read"

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject:
        """A list, or `items` and `failed` where failures are tolerated."""
        if not _tolerates(parameters):
            return {"type": "array"}
        failure: JsonObject = {
            "type": "object",
            "properties": {"error": {"type": "string"}, "index": {"type": "integer"}},
            "required": ["error", "index"],
        }
        return {
            "type": "object",
            "properties": {"items": {"type": "array"}, "failed": {"type": "array", "items": failure}},
            "required": ["items", "failed"],
            "additionalProperties": False,
        }

    def lower(self, parameters: Mapping[str, Any]) -> Iterating:
        """A Map."""
        mode = parameters.get("mode", "auto")
        is_large = (parameters.get("max_items") or 0) > MOST_INLINE
        is_distributed = mode == "distributed" or (mode == "auto" and is_large)
        is_express = parameters.get("execution") == "express"
        return Iterating(
            items=parameters["items"],
            result=parameters.get("output"),
            concurrency=parameters.get("concurrency"),
            tolerated_count=parameters.get("tolerated_failures"),
            tolerated_percentage=parameters.get("tolerated_failure_percentage"),
            children=("EXPRESS" if is_express else "STANDARD") if is_distributed else None,
            batch_size=parameters.get("batch_size") if is_distributed else None,
        )


def _tolerates(parameters: Mapping[str, Any]) -> bool:
    names = ("tolerated_failures", "tolerated_failure_percentage")
    return any(parameters.get(name) is not None for name in names)


NODE_TYPE = ForEach()
