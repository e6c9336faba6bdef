"""Starts runs: the record first, then the execution, so that no run is ever unknown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from layers.runtime.admission.enter import Entrant, enter
from layers.runtime.admission.launch import Admission, launch
from layers.runtime.admission.limit import Limit, key_of
from layers.runtime.admission.start_items import Start, find_start
from layers.runtime.arms import ArmName, Split
from layers.runtime.execution_input import ExecutionInput, execution_input
from layers.runtime.input_schema import refuse_unfit
from layers.runtime.json_value import JsonObject, JsonValue, write_json
from layers.runtime.objects import MemoryObjects, Objects, ObjectsError
from layers.runtime.problems import key_reused, start_failed
from layers.runtime.step_functions import StepFunctions, execution_arn
from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.runs import (
    Idempotency,
    Run,
    create_run,
    find_run,
    find_started,
    forget_started,
    mark,
    mark_running,
)
from layers.runtime.store.versions import find_input_schema, find_version
from layers.runtime.timeline import iso_time

NAME_LIMIT: Final = 80
"""Characters of an execution's name (AWS: StartExecution)."""

_TIMES_OF_DELIVERY: Final = frozenset({"received_at", "fired_at"})
"""Of `$trigger`: they differ when the same is delivered again."""

Clock = Callable[[], datetime]
"""Gives the present moment, aware of its zone."""
Randomness = Callable[[int], bytes]
"""Gives that many random bytes (`secrets.token_bytes`)."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """What makes a run one that goes on from another."""

    parent: str | None
    """None of a test, which goes on from no run."""
    root: str | None
    """The run that the keys of nodes' work begin with; None: the new run itself."""
    pinned: str
    """The digest of the pinned machine, whose source map tells the run's timeline."""
    pins: JsonObject
    """What the execution's input holds of the nodes that have ended."""
    trigger_keep: JsonValue
    lineage: JsonObject


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What is to be started, by whom, with which `$trigger`."""

    workflow: str
    version: int
    alias_arn: str
    trigger: JsonObject
    started_by: str
    idempotency_key: str | None = None
    idempotency_digest: str | None = None
    """What must be the same when the key comes again; by default `$trigger` but for its times."""
    has_input: bool = False
    """Whether the version has a JSON Schema that the trigger's body must fit."""
    derived: Derivation | None = None
    """Of a run that goes on from another: `alias_arn` is then the version of its pinned machine."""
    limit: Limit | None = None
    """How many runs of the workflow may be under way at once."""
    priority: int | None = None
    """0 to 9, where it may have to wait; by default that of the limit."""
    split: Split | None = None
    """Where the workflow has two versions: one of them is chosen."""
    arm: ArmName | None = None
    """The one that was chosen."""

    def on(self, split: Split, arm: ArmName) -> StartRequest:
        """The same on one arm of an A/B."""
        chosen = split.arm(arm)
        return replace(
            self,
            arm=arm,
            version=chosen.version,
            alias_arn=chosen.machine_version_arn,
            has_input=chosen.has_input,
        )


@dataclass(frozen=True, slots=True)
class Starter:
    """Everything that starting a run needs."""

    store: Store
    step_functions: StepFunctions
    clock: Clock
    randomness: Randomness
    objects: Objects = field(default_factory=MemoryObjects)

    @property
    def admission(self) -> Admission:
        """What letting runs in needs of it."""
        return Admission(self.store, self.step_functions, self.clock)


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def run_id(project: str, workflow: str, now: datetime, randomness: Randomness) -> str:
    """A new run's id, which is also its execution's name: `main-order-fulfilment-20260131T093000-1f2e3d4c`.

    Where project and workflow are too long together, the end of the workflow's id is cut.
    """
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
    ending = f"-{moment}-{randomness(4).hex()}"
    return f"{project}-{workflow}"[: NAME_LIMIT - len(ending)] + ending


def start_run(starter: Starter, request: StartRequest) -> Run:
    """Starts a run and gives its summary; with a known idempotency key, that of the run started before.

    Raises what `start_once` does.
    """
    return start_once(starter, request)[0]


def start_once(starter: Starter, request: StartRequest) -> tuple[Run, bool]:
    """Starts a run and gives its summary, and whether no earlier request with its key had started it.

    Where the workflow has a limit the run may be `queued`. Raises RequestError 413 for an input of which the
    machine reads more than it can hold, 422 for a body that does not fit the workflow's `input` and for a key
    that came with another payload, 429 where a limit refuses it, PlatformError 503 if Step Functions does not
    take it (the record then says failed).
    """
    if request.split is not None:
        request = request.on(request.split, request.split.throw(starter.randomness))
    if request.has_input:
        schema = find_input_schema(starter.store, request.workflow, request.version)
        refuse_unfit(request.workflow, schema or {}, request.trigger.get("body"))
    now = starter.clock()
    run = _new_run(starter, request, now)
    given = _input_of(starter, request, run.id)
    idempotency = _idempotency(request)
    try:
        if request.limit is not None:
            return _enter(starter, request, request.limit, run, given), True
        create_run(starter.store, run, idempotency)
    except ConditionFailedError:
        if idempotency is None:
            raise
        return _started_before(starter, request, idempotency)
    return _begin(starter, request, run, given), True


def _enter(starter: Starter, request: StartRequest, limit: Limit, run: Run, given: ExecutionInput) -> Run:
    """Lets a run in where there is a limit; unlike others it is kept as a whole until it has begun."""
    key = key_of(limit, request.trigger)
    arn = request.alias_arn
    if given.key is not None:
        starter.objects.put(given.key, given.content)
        # What is active when it begins may read other fields than those that were left in its input.
        version = None if request.derived else find_version(starter.store, run.workflow, request.version)
        arn = arn if version is None else version.machine_version_arn
    priority = limit.priority if request.priority is None else request.priority
    start = Start(run.id, run.workflow, key, arn, given.text, priority)
    admitted = replace(run, key=key, admitted_at=run.started_at)
    entered, launched = enter(starter.admission, Entrant(admitted, start, _idempotency(request)), limit)
    if launched == "dead":
        if request.idempotency_key is not None:
            forget_started(starter.store, run.workflow, request.idempotency_key)
        raise start_failed(run.id, entered.cause or "Step Functions refuses it")
    return entered


def _new_run(starter: Starter, request: StartRequest, now: datetime) -> Run:
    run = run_id(starter.store.project, request.workflow, now, starter.randomness)
    derived = request.derived
    return Run(
        id=run,
        workflow=request.workflow,
        version=request.version,
        status="starting",
        trigger_id=str(request.trigger["id"]),
        trigger_type=str(request.trigger["type"]),
        started_at=iso_time(now),
        execution_arn=execution_arn(request.alias_arn, run),
        started_by=request.started_by,
        arm=request.arm,
        parent=derived.parent if derived else None,
        root=derived.root if derived else None,
        lineage=derived.lineage if derived else None,
    )


def _input_of(starter: Starter, request: StartRequest, run: str) -> ExecutionInput:
    store = starter.store
    about: JsonObject = {"project": store.project, "workflow": request.workflow, "version": request.version}
    derived = request.derived
    if derived is not None:
        root: JsonObject = {} if derived.root is None else {"root": derived.root}
        about = {**about, **root, "pinned": derived.pinned}

    def keep() -> JsonValue:
        if derived is not None:
            return derived.trigger_keep
        version = find_version(store, request.workflow, request.version)
        return True if version is None else version.trigger_keep

    return execution_input(run, about, request.trigger, keep, derived.pins if derived else None)


def _idempotency(request: StartRequest) -> Idempotency | None:
    if request.idempotency_key is None:
        return None
    if request.idempotency_digest is not None:
        return Idempotency(request.idempotency_key, request.idempotency_digest)
    sent = {name: value for name, value in request.trigger.items() if name not in _TIMES_OF_DELIVERY}
    if request.derived is not None:
        sent |= {"parent": request.derived.parent, "pinned": request.derived.pinned}
    digest = hashlib.sha256(write_json(sent).encode()).hexdigest()
    return Idempotency(request.idempotency_key, digest)


def _started_before(starter: Starter, request: StartRequest, sent: Idempotency) -> tuple[Run, bool]:
    started = find_started(starter.store, request.workflow, sent.key)
    if started is None:  # its run could not be started, and the key was freed just now
        return start_once(starter, request)
    run_before, digest = started
    if digest != sent.digest:
        raise key_reused(sent.key)
    run = find_run(starter.store, run_before)
    if run is None:
        forget_started(starter.store, request.workflow, sent.key)
        return start_once(starter, request)
    # A crash between the record and the execution is made good: StartExecution is idempotent by name. Not so
    # for Express, whose runs may be begun again at any time.
    if run.status != "starting":
        return run, False
    if run.key is not None:
        # What it is to be told is kept, whatever this request is for.
        start = find_start(starter.store, run.id)
        if start is not None:
            launch(starter.admission, start)
        return find_run(starter.store, run.id) or run, False
    if run.arm is not None and request.split is not None:
        request = request.on(request.split, run.arm)
    return _begin(starter, request, run, _input_of(starter, request, run.id)), False


def _begin(starter: Starter, request: StartRequest, run: Run, given: ExecutionInput) -> Run:
    try:
        if given.key is not None:
            starter.objects.put(given.key, given.content)
        taken = starter.step_functions.start_execution(
            stateMachineArn=request.alias_arn, name=run.id, input=given.text
        )
    except (ClientError, BotoCoreError, ObjectsError) as error:
        if _exists_already(error):
            return run
        _record_failure(starter, request, run, str(error))
        raise start_failed(run.id, str(error)) from error
    arn = str(taken["executionArn"])
    mark_running(starter.store, run.id, arn)
    return replace(run, status="running", execution_arn=arn)


def _record_failure(starter: Starter, request: StartRequest, run: Run, reason: str) -> None:
    ended = iso_time(starter.clock())
    failed = {"status": "failed", "error": "Steploom.StartFailed", "cause": reason[:1000], "ended_at": ended}
    mark(starter.store, run.id, failed)
    if request.idempotency_key is not None:
        forget_started(starter.store, request.workflow, request.idempotency_key)


def _exists_already(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "ExecutionAlreadyExists"
