"""The triggers that find out for themselves: by asking a service, or by what other workflows come to."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints

from translator.definition.base import Slug
from translator.definition.firing import FiredTrigger

Selector: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
"""A path such as `order.id`, or one whole `{% … %}`."""


class WorkflowTrigger(FiredTrigger):
    """Fires when runs of other workflows have ended."""

    type: Literal["workflow"]
    after: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
    """The workflows that it waits for, of the same project."""
    when: Literal["all", "any"] = "all"
    """Whether a run of each of them has to have ended, or of one."""
    status: Annotated[
        tuple[Literal["succeeded", "failed", "timed_out", "cancelled"], ...], Field(min_length=1)
    ] = ("succeeded",)
    """How a run has to have ended to count."""
    within_seconds: Annotated[int, Field(ge=60, le=2_592_000)] = 86_400
    """How far apart the ends may be, with `when: all`."""
    key: Selector | None = None
    """Of an ended run (`$item`: id, workflow, status, output, trigger): ends of one key belong together."""


class PollTrigger(FiredTrigger):
    """Fires for what is new in the answer of an HTTP service, which it asks at an interval."""

    type: Literal["poll"]
    every: str
    """The interval, as of a schedule's `rate`: `5 minutes`."""
    request: dict[str, Any]
    """The parameters of an `http_request`, of method GET or POST; expressions in it may read `$cursor`."""
    items: Selector | None = None
    """Where in the answer's body the list is, or an expression on `$answer`; by default the body itself."""
    detect: Literal["key", "hash", "cursor"] = "key"
    """What is new: an item of an unknown key, one of another content, one behind the last cursor."""
    key: Selector | None = None
    """Tells items apart: a path in `$item`, or an expression on it."""
    cursor: Selector | None = None
    """A number or a text that grows from item to item, with `detect: cursor`."""
    run_per: Literal["item", "batch"] = "item"
    first: Literal["all", "none"] = "none"
    """What the first answer starts: runs for all that is in it, or none."""
    max_items: Annotated[int, Field(ge=1, le=1000)] = 100
    """How many new items one poll takes; the next one takes more."""
    remember_days: Annotated[int, Field(ge=1, le=90)] = 30
    """How long what is in no answer any more is still known."""
    timeout_seconds: Annotated[int, Field(ge=1, le=25)] = 10
