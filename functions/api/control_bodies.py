"""What callers of the run control routes send."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from functions.api.bodies import SentModel
from functions.api.sent import sent_json
from layers.runtime.run_control_problems import unfit_body

Version = int | Literal["active"] | None


class Retry(SentModel):
    """A run is tried again from where it failed, or from a node."""

    node: str | None = None
    """The node to begin with; the one that failed if none is named."""
    variables: dict[str, Any] = Field(default_factory=dict)
    """Other values of variables."""
    version: Version = None
    """The version of the definition to go on with: a number or `active`; the run's own if none is named."""


class Resume(SentModel):
    """A paused run goes on."""

    variables: dict[str, Any] = Field(default_factory=dict)
    """Other values of variables."""
    version: Version = None


class RunFrom(SentModel):
    """A part of a run is run again, with what the nodes before it gave then."""

    node: str
    variables: dict[str, Any] = Field(default_factory=dict)
    version: Version = None
    repeat_once: bool = False
    """Whether nodes of effect `once` that were done in that run act again."""


class Skip(SentModel):
    """A run goes on past a node."""

    node: str
    output: Any = None
    """What the node is taken to have given: then what follows it runs. Without it, it counts as skipped."""
    variables: dict[str, Any] = Field(default_factory=dict)
    version: Version = None


class Settings(SentModel):
    """What holds for all workflows of the project."""

    error_workflow: str | None = None
    """The workflow that runs when a run of another one fails."""


class NodeTest(SentModel):
    """One node runs by itself."""

    pins: dict[str, Any] = Field(default_factory=dict)
    """By node what it is taken to have given; of the others that the node reads, null."""
    body: Any = None
    """What triggers the run."""
    trigger: str | None = None
    """The id of the trigger that fires; the manual one if none is named."""
    variables: dict[str, Any] = Field(default_factory=dict)
    version: int | None = None
    """The version of the definition; the draft if none is named."""


def sent_variables(event: object) -> dict[str, Any]:
    """Values by variable; raises RequestError 400 or 422."""
    value = sent_json(event)
    if not isinstance(value, dict) or not value:
        places = [{"pointer": "", "message": "it is no object with values"}]
        raise unfit_body(places, 'Send {"<variable>": <value>}.')
    return value
