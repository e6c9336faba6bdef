"""transform: makes a value out of what earlier nodes gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from translator.node_type import Effect, NodeType, Parameters, Passing, Template


class TransformParameters(Parameters):
    """What the node gives."""

    output: Template
    """Any JSON with `{% … %}` expressions in it."""


class Transform(NodeType):
    """Evaluates `output` and gives it as the node's own output.

    Step Functions evaluates the expressions itself, so the node costs no Lambda call. A key whose
    expression yields nothing is left out. An expression that fails is the error
    `States.QueryEvaluationError`, of class Validation.
    """

    name: ClassVar[str] = "transform"
    summary: ClassVar[str] = "Make a value out of what earlier nodes gave"
    example: ClassVar[str] = """\
id: totals
type: transform
name: Add up the order
parameters:
  output:
    order: "{% $trigger.body.id %}"
    total: "{% $sum($trigger.body.items.(price * quantity)) %}"
"""
    Parameters: ClassVar[type[Parameters]] = TransformParameters

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """Nothing outside the run changes."""
        del parameters
        return "read"

    def lower(self, parameters: Mapping[str, Any]) -> Passing:
        """A Pass."""
        return Passing(output=parameters["output"])


NODE_TYPE = Transform()
