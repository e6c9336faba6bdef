"""terminate: ends the whole run, succeeded or failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from translator.node_type import Effect, Ending, Fixed, NodeType, Parameters, Template

DEFAULT_ERROR: Final = "Terminated"
_RESERVED: Final = ("States.", "Steploom.", "Lambda.")


def _own_name(error: str) -> str:
    if error.startswith(_RESERVED):
        raise ValueError(f'"{error}" is a reserved name: choose one that does not begin like it')
    return error


class TerminateParameters(Parameters):
    """How the run ends."""

    status: Annotated[Literal["succeeded", "failed"], Fixed]
    output: Template = None
    """The run's output; only for `succeeded`."""
    error: Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_own_name)] = DEFAULT_ERROR
    """The run's error; only for `failed`."""
    cause: Annotated[str, Field(max_length=32_768)] = ""
    """What happened, for people; only for `failed`."""

    @model_validator(mode="after")
    def _fits_the_status(self) -> Self:
        wrong = {"output"} if self.status == "failed" else {"error", "cause"}
        given = ", ".join(f'"{name}"' for name in sorted(wrong & self.model_fields_set))
        if given:
            raise ValueError(f'{given} cannot be given with status "{self.status}"')
        return self


class Terminate(NodeType):
    """Ends the whole run from wherever it stands; what else is under way is cancelled.

    `succeeded` may give an `output`, which replaces the workflow's own. `failed` may give an `error`
    (a name that says what went wrong) and a `cause` (text). No error edge or handler sees it.
    """

    name: ClassVar[str] = "terminate"
    summary: ClassVar[str] = "End the whole run"
    example: ClassVar[str] = """\
id: give_up
type: terminate
parameters:
  status: failed
  error: PaymentRefused
  cause: "The card of order {% $trigger.body.id %} was refused"
"""
    Parameters: ClassVar[type[Parameters]] = TerminateParameters

    def ports(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """None: nothing follows the end."""
        del parameters
        return ()

    def can_fail(self) -> bool:
        """It is the failure, or the end."""
        return False

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """Nothing outside the run changes."""
        del parameters
        return "read"

    def lower(self, parameters: Mapping[str, Any]) -> Ending:
        """The run's end."""
        if parameters["status"] == "succeeded":
            return Ending(status="succeeded", output=parameters.get("output"))
        return Ending(
            status="failed",
            error=parameters.get("error", DEFAULT_ERROR),
            cause=parameters.get("cause", ""),
        )


NODE_TYPE = Terminate()
