"""What Step Functions says of an execution, in the words of its workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from layers.runtime.figures import Figures, figures_of
from layers.runtime.history import Event
from layers.runtime.joining import joined_events
from layers.runtime.json_value import JsonValue, NotJsonError, read_json
from layers.runtime.run_history import HistoryReader, Unread, nodes_unseen, state_of
from layers.runtime.source_maps import SourceMaps
from layers.runtime.step_functions import PAUSED, StepFunctions
from layers.runtime.store import Store
from layers.runtime.store.runs import RunStatus
from layers.runtime.store.versions import find_version, number_of_machine
from layers.runtime.timeline import NodeRun, build_timeline, iso_time, skipped_nodes

STATUSES: Final[Mapping[str, RunStatus]] = MappingProxyType(
    {
        "RUNNING": "running",
        "PENDING_REDRIVE": "running",
        "SUCCEEDED": "succeeded",
        "FAILED": "failed",
        "TIMED_OUT": "timed_out",
        "ABORTED": "cancelled",
    }
)
_NO_SOURCE_MAP: Final[Mapping[str, Any]] = MappingProxyType({"states": {}, "nodes": {}})


@dataclass(frozen=True, slots=True)
class Observation:
    """An execution as it was when it was looked at."""

    name: str
    arn: str
    status: RunStatus
    version: int | None
    """The workflow's version that really runs; None if no version of it was published as this machine."""
    started_at: str
    ended_at: str | None
    input: JsonValue
    output: JsonValue
    error: str | None
    cause: str | None
    timeline: tuple[NodeRun, ...]
    skipped: tuple[str, ...]
    """The nodes that never ran; empty as long as the run is under way."""
    left_out: tuple[str, ...] = ()
    """`executions` if the timeline knows nothing of some that the run started."""
    failed_in: str | None = None
    """The role of the state that failed the execution; None if it has not failed."""
    figures: Figures | None = None


def observe(
    store: Store,
    client: StepFunctions,
    workflow: str,
    arn: str,
    known: dict[str, Sequence[Event]] | None = None,
) -> Observation:
    """Describes an execution and reads its whole history; raises botocore's ClientError.

    `known` keeps the histories of what has ended between two looks at one run.
    """
    execution = client.describe_execution(executionArn=arn)
    if known is not None and execution["status"] == "RUNNING":
        known.pop(arn, None)  # it had ended, and goes on since
    version, source_map = _version_and_map(store, workflow, execution, None)
    reader = HistoryReader(client, source_map.get("parts", {}), ended={} if known is None else known)
    history = reader.read(arn)
    return _observation(execution, version, source_map, joined_events(history.whole), history.unread)


def observation_of(
    store: Store,
    workflow: str,
    execution: Mapping[str, Any],
    events: Sequence[Event],
    started_version: int | None = None,
    source_maps: SourceMaps | None = None,
) -> Observation:
    """What an execution's description (as DescribeExecution gives it) and its history tell.

    `started_version` is what the starter believed, for an input that does not say so itself. A caller that
    looks at many executions reads each source map once with `source_maps` of its own.
    """
    version, source_map = _version_and_map(store, workflow, execution, started_version, source_maps)
    return _observation(execution, version, source_map, events)


def _version_and_map(
    store: Store,
    workflow: str,
    execution: Mapping[str, Any],
    started_version: int | None,
    source_maps: SourceMaps | None = None,
) -> tuple[int | None, Mapping[str, Any]]:
    maps = source_maps or SourceMaps(store)
    about = envelope_part(_json(execution.get("input")), "run")
    pinned, named = about.get("pinned"), about.get("version")
    if isinstance(pinned, str) and isinstance(named, int):
        return named, maps.find_pinned(workflow, pinned) or _NO_SOURCE_MAP
    version = _version(store, workflow, execution, started_version)
    found = maps.find(workflow, version) if version else None
    return version, found or _NO_SOURCE_MAP


def _observation(
    execution: Mapping[str, Any],
    version: int | None,
    source_map: Mapping[str, Any],
    events: Sequence[Event],
    unread: Sequence[Unread] = (),
) -> Observation:
    timeline = build_timeline(events, source_map)
    unseen = nodes_unseen(unread, source_map)
    status = status_of(execution)
    stopped = execution.get("stopDate")
    return Observation(
        name=execution["name"],
        arn=execution["executionArn"],
        status=status,
        version=version,
        started_at=iso_time(execution["startDate"]),
        ended_at=None if stopped is None else iso_time(stopped),
        input=_json(execution.get("input")),
        output=_json(execution.get("output")),
        error=execution.get("error"),
        cause=execution.get("cause"),
        timeline=timeline,
        skipped=() if status == "running" else skipped_nodes(timeline, source_map, unseen),
        left_out=("executions",) if unread else (),
        figures=figures_of(events) if events else None,
        failed_in=_role_of_failure(events, source_map) if execution["status"] == "FAILED" else None,
    )


def status_of(execution: Mapping[str, Any]) -> RunStatus:
    """The status of a run by its execution: one that was paused has failed, or was stopped, by that error."""
    status = STATUSES[execution["status"]]
    return "paused" if status in ("failed", "cancelled") and execution.get("error") == PAUSED else status


def _role_of_failure(events: Sequence[Event], source_map: Mapping[str, Any]) -> str:
    state = state_of(events[-1], events) if events else None
    place: Mapping[str, Any] = source_map["states"].get(state, {})
    return str(place.get("role", ""))


def envelope_part(observation_input: JsonValue, part: str) -> Mapping[str, JsonValue]:
    """`trigger` or `run` of an execution's input; empty if it was started with another input."""
    envelope = observation_input if isinstance(observation_input, Mapping) else {}
    value = envelope.get(part)
    return value if isinstance(value, Mapping) else {}


def _version(
    store: Store, workflow: str, execution: Mapping[str, Any], started_version: int | None
) -> int | None:
    """The version behind the alias when the run began, which the starter's envelope can only guess."""
    named = envelope_part(_json(execution.get("input")), "run").get("version")
    guess = named if isinstance(named, int) else started_version
    arn = execution.get("stateMachineVersionArn")
    if arn is None:
        return guess
    guessed = find_version(store, workflow, guess) if guess else None
    if guessed is not None and guessed.machine_version_arn == arn:
        return guess
    return number_of_machine(store, workflow, str(arn)) or guess


def _json(text: str | None) -> JsonValue:
    try:
        return None if text is None else read_json(text)
    except NotJsonError:
        return text
