"""Every part of a running local cloud, wired together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from werkzeug.wrappers import Request

from infra.local.aws.clients import Clients
from infra.local.aws.emulation import Emulation
from infra.local.aws.endpoint import Endpoint
from infra.local.aws.resources import create_missing
from infra.local.aws.snapshots import Snapshots
from infra.local.backlog import Backlog
from infra.local.delivery.deliveries import Deliveries
from infra.local.delivery.send import Send
from infra.local.environment import environment_of, parts_of
from infra.local.eventing import Eventing
from infra.local.front.application import Front
from infra.local.front.cors import CrossOrigin
from infra.local.front.index import Index
from infra.local.front.route import Router
from infra.local.front.throttle import Throttles
from infra.local.functions.api import InvokeApi
from infra.local.functions.asset import lay_out
from infra.local.functions.asynchronous import AsynchronousInvocations
from infra.local.functions.concurrency import Concurrency
from infra.local.functions.logs import LogGroup
from infra.local.functions.pool import FunctionPool
from infra.local.functions.registry import Functions
from infra.local.functions.worker import Program
from infra.local.logs.delivery import LogDelivery
from infra.local.logs.emulated import has_group
from infra.local.logs.subscriptions import Subscriptions
from infra.local.names import function_arn, function_name
from infra.local.queueing import Queueing
from infra.local.scheduler import Clock, Scheduler
from infra.local.settings import LocalSettings
from infra.local.states.activities import Activities
from infra.local.states.activity_operations import ActivityOperations
from infra.local.states.api import StatesApi
from infra.local.states.archive import Archive
from infra.local.states.definitions import Definitions
from infra.local.states.engine import Engine
from infra.local.states.execution_operations import ExecutionOperations
from infra.local.states.executions import Executions
from infra.local.states.express_log import ExpressLog
from infra.local.states.express_operations import ExpressOperations
from infra.local.states.integration import Integrations
from infra.local.states.machine_operations import MachineOperations
from infra.local.states.machines import Machines
from infra.local.states.map_run_operations import MapRunOperations
from infra.local.states.map_runs import MapRuns
from infra.local.states.nested import NestedExecutions
from infra.local.states.parameters import Parameters
from infra.local.states.record import Started
from infra.local.states.recovery import Recovery
from infra.local.states.reply import Reply
from infra.local.states.state_test_operations import StateTestOperations
from infra.local.states.tag_operations import TagOperations
from infra.local.states.task_operations import TaskOperations
from infra.local.states.tasks import Tasks
from infra.local.states.validation_operation import validate
from infra.local.states.version_operations import VersionOperations
from infra.topology import Function
from translator.interpreter import TaskRequest

_REQUEST_THREADS: Final = 16
_POLLERS: Final = 32
_REAP_SECONDS: Final = 5.0
_IDLE_SECONDS: Final = 15.0
_LAST_IDLE_SECONDS: Final = 600.0
"""Of a function's last worker: the next request would wait for a new one."""


class Deployment:
    """Builds the parts; in order `restore`, `start`, `pause` and `close` them."""

    def __init__(
        self,
        settings: LocalSettings,
        front_url: str,
        aws_url: str,
        token: str,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._folder = settings.data_folder.resolve()
        self._topology = settings.topology()
        self._new_id = new_id
        self._clock = clock
        self._parts = parts_of(self._topology, token, aws_url)
        self._aws_url = aws_url
        self._scheduler = Scheduler(clock)
        self._clients = Clients(aws_url)
        self._functions = self._pools()
        self._asynchronous = AsynchronousInvocations(
            Backlog(self._folder / "invocations"),
            self._functions,
            self._scheduler,
            clock,
            settings.retry_delays,
        )
        self._emulation = Emulation(Snapshots(self._folder / "aws"))
        self._integrations = Integrations(self._clients)
        self._activities = Activities(self._folder / "activities", _POLLERS)
        self._tasks = Tasks(
            self._functions, self._asynchronous, self._integrations, _REQUEST_THREADS, self._activities
        )
        self._eventing = self._new_eventing()
        self._queueing = self._new_queueing()
        self._machines = Machines(self._folder / "machines", Definitions(self._folder / "definitions"))
        self._executions = Executions(Archive(self._folder / "executions"))
        self._engine = self._new_engine()
        self._recovery = Recovery(
            self._engine, self._scheduler, clock, self._machines.definitions, self._executions
        )
        self._operations = self._new_operations()
        self._nested = NestedExecutions(
            self._engine,
            self._executions,
            lambda given, parent: self._operations.start_for(Parameters(given), parent),
        )
        self.most_workers = settings.concurrency * len(self._topology.functions)
        self.most_requests = _REQUEST_THREADS + _POLLERS
        self.endpoint = self._endpoint()
        self.front = self._front(front_url)

    def _new_eventing(self) -> Eventing:
        return Eventing(
            self._emulation,
            Deliveries(
                Backlog(self._folder / "deliveries"),
                Send(self._clients, self._accept_invocation),
                self._clients,
                self._scheduler,
                self._tasks.submit,
                self._clock,
            ),
            self._folder,
            self._scheduler,
            self._clock,
            self._settings.missed_schedules,
        )

    def _new_queueing(self) -> Queueing:
        return Queueing(
            self._folder / "event-sources.json",
            self._emulation,
            self._clients,
            self._functions,
            self._tasks.submit,
            self._clock,
            self._new_id,
        )

    def _new_engine(self) -> Engine:
        return Engine(
            self._scheduler,
            self._clock,
            self._machines.definitions,
            self._executions,
            self._dispatch,
            self._eventing.bus.publish,
            ExpressLog(self._machines, self._clients, self._tasks.submit).write,
        )

    def _new_operations(self) -> ExecutionOperations:
        return ExecutionOperations(
            self._machines,
            self._executions,
            MapRuns(self._executions),
            self._engine,
            self._recovery,
            self._clock,
            self._new_id,
            random.SystemRandom(),
        )

    def _pools(self) -> Functions:
        functions = {self._name_of(function.name): function for function in self._topology.functions}
        reserved = {
            name: function.reserved_concurrency
            for name, function in functions.items()
            if function.reserved_concurrency is not None
        }
        concurrency = Concurrency(self._settings.account_concurrency, reserved)
        return Functions({name: self._pool(function, concurrency) for name, function in functions.items()})

    def restore(self) -> None:
        """Load what an earlier process kept; its work is taken up by `start`. Raises FolderUnusableError."""
        self._emulation.restore()
        self._asynchronous.recover()
        self._eventing.recover()
        self._recovery.recover()

    def start(self) -> None:
        """Begin to work; the AWS endpoint must be served."""
        create_missing(self._topology, self._clients)
        self._scheduler.start()
        self._every(self._settings.snapshot_seconds, self._emulation.save)
        self._every(_REAP_SECONDS, self._reap)
        self._eventing.start()
        self._queueing.start(self._topology)
        if self._settings.warm:
            self._functions.warm()

    def _reap(self) -> None:
        now = time.monotonic()
        self._functions.reap(now - _IDLE_SECONDS, now - _LAST_IDLE_SECONDS)

    def pause(self) -> None:
        """Take in nothing more: from here on nothing that fails is held against an execution."""
        self._activities.close()
        self._queueing.stop()
        self._scheduler.stop()

    def close(self) -> None:
        """End everything and write what is not written; what was under way is taken up by the next start."""
        self._tasks.close()
        self._functions.close()
        self._emulation.save()

    def _endpoint(self) -> Endpoint:
        invoke = InvokeApi(self._functions, self._asynchronous, self._new_id)
        state_tests = StateTestOperations(self._dispatch, self._integrations, self._clock, self._new_id)
        states = StatesApi(
            MachineOperations(self._machines, self._clock, self._new_id, self._has_log_group),
            VersionOperations(self._machines, self._clock),
            self._operations,
            MapRunOperations(self._operations.map_runs, self._engine.limit),
            TaskOperations(self._engine),
            ExpressOperations(self._operations, self._engine, self._new_id),
            {
                "TestState": state_tests.test,
                **ActivityOperations(self._activities, self._clock).by_name,
                **TagOperations(self._machines, self._activities).by_name,
                "ValidateStateMachineDefinition": validate,
            },
        )
        subscriptions = Subscriptions(
            self._folder / "subscriptions.json", self._functions, self._has_log_group, self._clock
        )
        logs = LogDelivery(subscriptions, self._functions, self._asynchronous)

        def after(request: Request) -> None:
            self._eventing.after(request)
            self._queueing.after(request)
            logs.after(request)

        return Endpoint(
            states,
            invoke,
            self._emulation,
            before=(logs.answer, *self._eventing.before(self._new_id), *self._queueing.before()),
            after=after,
        )

    def _has_log_group(self, name: str) -> bool:
        return self._emulation.read(lambda: has_group(name))

    def _front(self, front_url: str) -> Front:
        links = {"url": front_url, "aws_endpoint": self._aws_url, "project": self._topology.project}
        return Front(
            Router(self._topology.routes),
            self._functions,
            self._name_of,
            self._topology.authorizer,
            self._clock,
            self._new_id,
            Index(links, self._functions),
            CrossOrigin(self._topology.cors),
            Throttles(self._topology.throttle, time.monotonic),
        )

    def _dispatch(self, started: Started, request: TaskRequest, reply: Reply) -> None:
        tasks = self._nested if self._nested.takes(request) else self._tasks
        tasks.dispatch(started, request, reply)

    def _accept_invocation(self, identity: str, function: str, payload: bytes) -> None:
        self._functions.find(function)
        self._asynchronous.accept(identity, function, payload)

    def _name_of(self, function: str) -> str:
        return function_name(self._topology.project, function)

    def _pool(self, function: Function, concurrency: Concurrency) -> FunctionPool:
        name = self._name_of(function.name)
        program = Program(
            name,
            function_arn(name),
            function.handler,
            lay_out(
                function,
                self._folder / "assets" / name,
                self._settings.code_folder,
                self._settings.workflows_folder,
            ),
            environment_of(function, name, self._parts, self._aws_url),
            function.timeout_seconds,
            function.memory_mb,
        )
        logs = LogGroup(self._folder / "logs" / name)
        return FunctionPool(program, logs, self._settings.concurrency, self._new_id, concurrency)

    def _every(self, seconds: float, work: Callable[[], None]) -> None:
        def repeat() -> None:
            work()
            self._every(seconds, work)

        self._scheduler.call_at(self._clock() + seconds, repeat)
