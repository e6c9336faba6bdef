"""workflow: starts a run of another workflow of the project, and waits for its end or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from translator.json_value import JsonObject
from translator.node_type import Fixed, NodeType, Parameters, Starting, Template


class WorkflowParameters(Parameters):
    """Which workflow, and with what."""

    workflow: Annotated[str, Fixed, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    """The id of a workflow of the same project; its active version runs."""
    body: Template = None
    """What the other workflow reads as `$trigger.body`."""
    trigger: Annotated[str, Fixed, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)] = "manual"
    """The id of the other workflow's trigger that fires; a workflow without triggers has `manual`."""
    wait: Annotated[bool, Fixed] = True
    """Whether the node ends when that run ends, or as soon as it has started."""


class Workflow(NodeType):
    """Starts a run of another workflow of the project.

    With `wait` its output is that run's output, and a failure of that run is a failure of the node: with
    that run's error, so that error edges and handlers take it by class. Without, the output is
    `{"run": …}`, the id of the run, and what becomes of it is its own affair. If the run that waits is
    cancelled, the other one is too. A retry starts another run, whose nodes with `effect: once` do
    nothing twice.
    """

    name: ClassVar[str] = "workflow"
    summary: ClassVar[str] = "Run another workflow"
    example: ClassVar[str] = """\
id: refund
type: workflow
name: Give the money back
parameters:
  workflow: refund-payment
  body: {payment: "{% $charge.id %}", amount: "{% $charge.amount %}"}
"""
    Parameters: ClassVar[type[Parameters]] = WorkflowParameters
    starts_runs: ClassVar[bool] = True

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject | None:
        """Of a run that is not waited for, its id."""
        if parameters.get("wait", True):
            return None
        return {
            "type": "object",
            "properties": {"run": {"type": "string"}},
            "required": ["run"],
            "additionalProperties": False,
        }

    def lower(self, parameters: Mapping[str, Any]) -> Starting:
        """A Task of Step Functions itself."""
        return Starting(
            workflow=parameters["workflow"],
            trigger=parameters.get("trigger", "manual"),
            body=parameters.get("body"),
            waits=parameters.get("wait", True),
        )


NODE_TYPE = Workflow()
