"""while: runs its body again and again as long as a condition holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field

from translator.node_type import Effect, Expression, Fixed, NodeType, Parameters, Repeating, Template

USUAL_BOUND: Final = 100


class WhileParameters(Parameters):
    """How long it goes on, and what an iteration gives."""

    condition: Expression
    """Asked before each iteration; the node's own name is the last iteration's result, null before."""
    output: Template = None
    """What an iteration gives, read at its end; not given, what the body's last nodes gave, by node."""
    max_iterations: Annotated[int, Fixed, Field(ge=1, le=10_000)] = USUAL_BOUND
    """How many iterations there may be; if the condition still holds then, the node fails."""


class While(NodeType):
    """Runs its body, the nodes that name it as their `parent`, as long as a condition holds.

    The condition is asked before each iteration, so there may be none at all. It and the body read the
    last iteration's result by the node's own name. The output is the result of the last iteration, null if
    there was none. If the condition still holds after `max_iterations` the node fails with
    `TooManyIterations`.
    """

    name: ClassVar[str] = "while"
    summary: ClassVar[str] = "Repeat a body as long as a condition holds"
    example: ClassVar[str] = """\
id: all_pages
type: while
name: Fetch page after page
parameters:
  condition: "{% $all_pages = null or $all_pages.next != null %}"
  output: "{% $fetch_page.body %}"
  max_iterations: 50
"""
    Parameters: ClassVar[type[Parameters]] = WhileParameters
    has_body: ClassVar[bool] = True
    evaluated_inside: ClassVar[frozenset[str]] = frozenset({"output"})

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """The node itself changes nothing outside the run."""
        del parameters
        return "read"

    def lower(self, parameters: Mapping[str, Any]) -> Repeating:
        """A Choice that leads into the body, which leads back to it."""
        return Repeating(
            condition=parameters["condition"],
            result=parameters.get("output"),
            max_iterations=parameters.get("max_iterations", USUAL_BOUND),
        )


NODE_TYPE = While()
