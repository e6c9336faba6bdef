"""Starts the run of one item of a bulk start, once however often it is asked."""

from __future__ import annotations

from layers.runtime.admission.limit import read_limit
from layers.runtime.errors import PlatformError, RequestError
from layers.runtime.executions import Starter, StartRequest, start_run
from layers.runtime.hand_triggers import trigger_value
from layers.runtime.json_value import JsonValue
from layers.runtime.store.bulks import find_bulk
from layers.runtime.store.versions import find_version
from layers.runtime.store.workflows import find_head
from layers.runtime.timeline import iso_time


class RunRefused(Exception):  # noqa: N818 - the name is the error's name in Step Functions
    """The item can start no run, now or later; the machine counts it as refused."""


class StartFailed(Exception):  # noqa: N818 - the name is the error's name in Step Functions
    """Step Functions did not take the run; the machine tries again."""


def start_one(starter: Starter, bulk: str, index: int, item: JsonValue) -> dict[str, JsonValue]:
    """The run of an item, started on what is active now; raises RunRefused or StartFailed."""
    known = find_bulk(starter.store, bulk)
    if known is None:
        raise RunRefused(f"there is no bulk start '{bulk}'")
    head = find_head(starter.store, known.workflow)
    if head is None or head.status != "active" or head.active_version is None or head.alias_arn is None:
        raise RunRefused(f"workflow '{known.workflow}' is not active")
    version = find_version(starter.store, head.id, head.active_version)
    triggers = version.triggers if version else ()
    try:
        trigger = trigger_value(triggers, known.trigger, item, iso_time(starter.clock()))
        request = StartRequest(
            workflow=head.id,
            version=head.active_version,
            alias_arn=head.alias_arn,
            trigger=trigger,
            started_by=f"bulk:{bulk}",
            idempotency_key=f"bulk:{bulk}:{index}",
            has_input=version is not None and version.has_input,
            split=head.split,
            limit=read_limit(version.concurrency) if version is not None else None,
        )
        run = start_run(starter, request)
    except RequestError as error:
        raise RunRefused(str(error)) from error
    except PlatformError as error:
        raise StartFailed(str(error)) from error
    return {"run": run.id}
