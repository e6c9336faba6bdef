"""set_variable: gives new values to the workflow's variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from translator.node_type import Effect, Fixed, NodeType, Parameters, Passing, Template


class SetVariableParameters(Parameters):
    """The variables to change."""

    values: Annotated[dict[str, Template], Fixed, Field(min_length=1)]
    """New value by variable; every expression sees the values from before the node."""


class SetVariable(NodeType):
    """Gives new values to one or more of the workflow's `variables`.

    All values are evaluated first and then set together, so two variables can be swapped. The node's
    own output is null.
    """

    name: ClassVar[str] = "set_variable"
    summary: ClassVar[str] = "Change variables of the workflow"
    example: ClassVar[str] = """\
id: count_tries
type: set_variable
parameters:
  values:
    tries: "{% $tries + 1 %}"
"""
    Parameters: ClassVar[type[Parameters]] = SetVariableParameters

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """Nothing outside the run changes."""
        del parameters
        return "read"

    def lower(self, parameters: Mapping[str, Any]) -> Passing:
        """A Pass that only assigns."""
        return Passing(output=None, assign=parameters["values"])


NODE_TYPE = SetVariable()
