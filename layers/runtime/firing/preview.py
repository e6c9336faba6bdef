"""What a firing would come to, without starting, counting or taking anything."""

from __future__ import annotations

from dataclasses import dataclass

from layers.runtime.errors import RequestError
from layers.runtime.executions import Starter
from layers.runtime.firing.message import Firing
from layers.runtime.firing.outcome import Postponed, Refused, refused
from layers.runtime.firing.overlap import look
from layers.runtime.firing.target import Target, find_target
from layers.runtime.firing.timing import held_back
from layers.runtime.input_schema import refuse_unfit
from layers.runtime.json_value import JsonObject
from layers.runtime.store.versions import find_input_schema


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be started, and what stands against it."""

    target: Target | None
    against: Refused | Postponed | None


def preview(starter: Starter, firing: Firing, trigger: JsonObject) -> Preview:
    """Asks everything that `fire` asks, but for what comes late; `trigger` is the run's `$trigger`."""
    target = find_target(starter.store, firing)
    if isinstance(target, Refused):
        return Preview(None, target)
    now = starter.clock()
    held = held_back(firing, target.trigger, now) or _overlapping(starter, firing, target)
    if held is None:
        return Preview(target, _unfit(starter, firing, target, trigger))
    assert isinstance(held, Refused | Postponed)
    return Preview(target, held)


def _overlapping(starter: Starter, firing: Firing, target: Target) -> Refused | Postponed | None:
    policy, now = target.trigger.get("overlap") or "allow", starter.clock()
    if policy in {"allow", "cancel_previous"} or not look(starter, firing, now).is_taken:
        return None
    if policy == "queue":
        return Postponed(now, "overlap")
    return refused("overlap", f"An earlier run of trigger '{firing.trigger}' is still open.")


def _unfit(starter: Starter, firing: Firing, target: Target, trigger: JsonObject) -> Refused | None:
    if not target.has_input:
        return None
    schema = find_input_schema(starter.store, firing.workflow, target.version)
    try:
        refuse_unfit(firing.workflow, schema or {}, trigger.get("body"))
    except RequestError as error:
        return Refused(error.problem.code, error.problem.detail)
    return None
