"""parallel: runs the branches of its body side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from translator.json_value import JsonObject
from translator.node_type import Branching, Effect, Fixed, NodeType, Parameters

BranchId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]


class ParallelParameters(Parameters):
    """What the branches are called."""

    branches: Annotated[dict[BranchId, str], Fixed] | None = None
    """By name of a branch its first node; a branch that is not named here is called by its first node."""


class Parallel(NodeType):
    """Runs its body, the nodes that name it as their `parent`: each connected part of it is a branch.

    The output is an object by branch: what the last nodes of the branch gave, as of a whole run. If a
    branch fails, the others are cancelled and the node fails. Edges from one node to several others run
    side by side as well; use `parallel` where the branches shall fail, or be handled, as one.
    """

    name: ClassVar[str] = "parallel"
    summary: ClassVar[str] = "Run branches side by side, as one node"
    example: ClassVar[str] = """\
id: prices
type: parallel
name: Ask all shops at once
parameters:
  branches: {here: ask_here, abroad: ask_abroad}
"""
    Parameters: ClassVar[type[Parameters]] = ParallelParameters
    has_body: ClassVar[bool] = True

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """The node itself changes nothing outside the run."""
        del parameters
        return "read"

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject:
        """An object by branch."""
        del parameters
        return {"type": "object"}

    def lower(self, parameters: Mapping[str, Any]) -> Branching:
        """A Parallel."""
        return Branching({first: name for name, first in (parameters.get("branches") or {}).items()})


NODE_TYPE = Parallel()
