"""A Map Run: the child executions that one visit of a distributed Map starts."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from translator.interpreter import details
from translator.interpreter.batching import Batch
from translator.interpreter.child import Child
from translator.interpreter.context import timestamp_text
from translator.interpreter.frame import Frame
from translator.interpreter.history import EXPRESS_EVENTS, History
from translator.interpreter.states import Distribution, MapState
from translator.json_value import JsonValue

if TYPE_CHECKING:
    from translator.interpreter.engine import Engine, Step

DISTRIBUTED_CONCURRENCY: Final = 10_000
"""AWS: the most children of a Map Run that run at once, whatever MaxConcurrency says."""
EXPRESS_SECONDS: Final = 300
"""AWS: how long an Express execution may run."""
_RUNNING: Final = "RUNNING"
_SUCCEEDED: Final = "SUCCEEDED"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many children of a Map Run run at once, and how many failed items it tolerates."""

    wanted_concurrency: int
    tolerated_count: int | None
    tolerated_percentage: float | None

    @property
    def concurrency(self) -> int:
        """How many may run at once; 0 was wanted where nothing was said."""
        return min(self.wanted_concurrency or DISTRIBUTED_CONCURRENCY, DISTRIBUTED_CONCURRENCY)

    def exceeded(self, failed: int, total: int) -> bool:
        """Whether so many failed items of so many are too many."""
        if self.tolerated_count is None and self.tolerated_percentage is None:
            return failed > 0
        too_many = self.tolerated_count is not None and failed > self.tolerated_count
        share = self.tolerated_percentage
        return too_many or (share is not None and failed * 100 > share * total)


class MapRun:
    """`owner` waits in the Map state; `decided` is its step once all is over or too much has failed."""

    def __init__(self, engine: Engine, owner: Frame, limits: Limits, decided: Step) -> None:
        self.engine = engine
        self.owner = owner
        # The frame goes on to other states behind the Map.
        self.state = cast("MapState", owner.state)
        self.limits = limits
        self.status = _RUNNING
        self.started_at = engine.now
        self.stopped_at: float | None = None
        self.children: list[Child] = []
        self.batches: Sequence[Batch] = ()
        self.total_items = 0
        self.destination: Mapping[str, JsonValue] = {}
        self._decided = decided
        self._is_decided = False
        self._asked = 0
        self.redrives = 0
        self.redriven_at: float | None = None
        self._running: dict[int, Child] = {}
        self._again: deque[Child] = deque()
        self._redrive: Callable[[Engine], bool]
        self._failed_items = 0
        self.identity = _identity(engine)
        self._number = len(engine.map_runs)
        _, _, _, region, account, _, machine, *_ = engine.arn.split(":")
        machine = machine.partition("/")[0]
        self.label = self.distribution.label or _own_label(machine, owner.state.name)
        self._name = f"{machine}/{self.label}"
        self._prefix = f"arn:aws:states:{region}:{account}"
        self.arn = f"{self._prefix}:mapRun:{self._name}:{self.identity}"

    @property
    def distribution(self) -> Distribution:
        """What the state says on its children."""
        distribution = self.state.distribution
        assert distribution is not None
        return distribution

    @property
    def execution_arn(self) -> str:
        """The execution that the run belongs to."""
        return self.engine.arn

    @property
    def exports(self) -> bool:
        """Whether its results are written somewhere."""
        writer = self.distribution.writer
        return writer is not None and writer.resource is not None

    @property
    def failed(self) -> bool:
        """Whether more items have failed than are tolerated."""
        return self.limits.exceeded(self._failed_items, self.total_items)

    def counts(self, *, items: bool) -> Mapping[str, int]:
        """How many children, or items, stand how: by status, with PENDING for what has not been started."""
        counts: Counter[str] = Counter()
        for child in self.children:
            counts[child.status] += child.size if items else 1
        for batch in self.batches[len(self.children) :]:
            counts["PENDING"] += batch.size if items else 1
        return counts

    def request_id(self, purpose: str) -> str:
        """The id of the next thing that the run asks of the outside."""
        self._asked += 1
        return f"{self.engine.prefix}m{self._number}-{purpose}{self._asked}"

    def begin(self, batches: Sequence[Batch]) -> None:
        """Start the children on the batches."""
        self.batches = batches
        self.total_items = sum(batch.size for batch in batches)
        self._fill()
        if not batches:
            self._decide()

    def redrive(self, redrive: Callable[[Engine], bool]) -> None:
        """Run again the children that have not succeeded, and those that had not been started.

        `redrive` is false for a child that cannot be redriven, which fails again.
        """
        self.status, self.stopped_at, self._is_decided, self._failed_items = _RUNNING, None, False, 0
        self.redrives += 1
        self.redriven_at = self.engine.now
        self._redrive = redrive
        self._again.extend(child for child in self.children if child.status != _SUCCEEDED)
        self._fill()
        if not self._running:
            self._decide()

    def change(self, limits: Limits) -> None:
        """Other limits from now on (AWS: UpdateMapRun); what runs already goes on."""
        if self.status != _RUNNING or self._is_decided:
            return
        self.limits = limits
        if self.failed:
            self._decide()
        else:
            self._fill()

    def finish(self, status: str) -> None:
        """The run is over; what still runs of it is aborted."""
        self.status = status
        self.stopped_at = self.engine.now
        self.stop_children()

    def stop_children(self) -> None:
        """Abort the children that still run."""
        for child in list(self._running.values()):
            engine = child.engine
            engine.end(
                "ABORTED",
                None,
                None,
                ("ExecutionAborted", engine.root.previous, "executionAbortedEventDetails"),
            )
        self._running.clear()

    def abort(self, engine: Engine) -> None:
        """Abort the run because a sibling of the Map state, or the state around it, has failed."""
        self.owner.previous = engine.write("MapRunAborted", self.owner.previous)
        self.finish("ABORTED")

    def close(self) -> None:
        """Abort the run because the execution has ended."""
        if self.status == _RUNNING:
            self.finish("ABORTED")

    def _fill(self) -> None:
        limit = self.limits.concurrency
        while self._again and len(self._running) < limit:
            self._start_again(self._again.popleft())
        while len(self.children) < len(self.batches) and len(self._running) < limit:
            self._start(self.batches[len(self.children)])

    def _start(self, batch: Batch) -> None:
        engine, index = self.engine, len(self.children)
        name = _identity(engine)
        express = self.distribution.express
        arn = f"{self._prefix}:{'express' if express else 'execution'}:{self._name}:{name}"
        if express:
            arn += f":{_identity(engine)}"
        machine_arn = f"{self._prefix}:stateMachine:{self._name}"
        child = Child(index, batch, name, machine_arn, engine.now, express=express)
        self.children.append(child)
        self._launch(child, arn)

    def _start_again(self, child: Child) -> None:
        child.stopped_at = None
        if child.express:
            # AWS: an Express child is started anew, from its first state.
            self._launch(child, child.arn)
            return
        if self._redrive(child.engine):
            self._running[child.index] = child
        else:
            self._failed_items += child.size

    def _launch(self, child: Child, arn: str) -> None:
        engine, payload = self.engine, self.batches[child.index].payload
        frame = Frame(self.state.processor, payload, {}, 0)
        prefix = f"m{self._number}.{child.index}-" + (f"r{self.redrives}-" if self.redrives else "")
        child.engine = engine.child(frame, arn, self._context(child, arn), prefix, lambda: self._ended(child))
        self._running[child.index] = child
        if child.express:
            child.engine.history = History(EXPRESS_EVENTS)
        role = child.engine.role_arn
        child.engine.write("ExecutionStarted", 0, details.execution_started, payload, role)
        child.engine.wake(frame, None)
        if child.express:
            engine.loop.timers.set(engine.now + EXPRESS_SECONDS, self.owner, lambda _owner: _time_out(child))

    def _context(self, child: Child, arn: str) -> Mapping[str, JsonValue]:
        execution: dict[str, JsonValue] = {
            "Id": arn,
            "Input": self.batches[child.index].payload.value,
            "StartTime": timestamp_text(child.started_at),
            "Name": child.name,
            "RoleArn": self.engine.role_arn,
            "RedriveCount": 0,
        }
        machine: dict[str, JsonValue] = {"Id": child.machine_arn, "Name": self._name}
        return {"Execution": execution, "StateMachine": machine}

    def _ended(self, child: Child) -> None:
        child.stopped_at = self.engine.now
        if self.status != _RUNNING or child.status == "ABORTED":
            return
        del self._running[child.index]
        if child.status != _SUCCEEDED:
            self._failed_items += child.size
        over = not self._running and not self._again and len(self.children) == len(self.batches)
        if over or self.failed:
            self._decide()
        else:
            self._fill()

    def _decide(self) -> None:
        # In the parent's own turn: its history may be full, which is no failure of the child.
        if not self._is_decided:
            self._is_decided = True
            self.engine.wake(self.owner, self._decided)


def _identity(engine: Engine) -> str:
    return str(uuid.UUID(int=engine.loop.generator.getrandbits(128), version=4))


def _own_label(machine: str, state: str) -> str:
    """AWS gives a Map without a label one for ever, which looks like a UUID."""
    digest = hashlib.sha256(f"{machine}/{state}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _time_out(child: Child) -> None:
    engine = child.engine
    if engine.status == _RUNNING:
        event = ("ExecutionTimedOut", engine.root.previous, "executionTimedOutEventDetails")
        engine.end("TIMED_OUT", "States.Timeout", None, event)
