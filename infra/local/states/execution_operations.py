"""The API's operations on executions (Step Functions API reference)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.scheduler import Clock
from infra.local.states.arn import (
    MachineReference,
    check_execution,
    execution_arn,
    express_arn,
    machine_arn,
    parse_machine,
)
from infra.local.states.data import parse_text
from infra.local.states.engine import Engine
from infra.local.states.event_data import without_data
from infra.local.states.executions import Executions
from infra.local.states.included_data import described_definition, includes_data, without_included
from infra.local.states.machine import Machine, Revision
from infra.local.states.machines import Machines
from infra.local.states.map_runs import MapRuns
from infra.local.states.page import page
from infra.local.states.parameters import Parameters
from infra.local.states.record import RUNNING, Started, Summary
from infra.local.states.recovery import Recovery
from infra.local.states.service_error import (
    ServiceError,
    no_reference,
    no_such_machine,
    validation,
    wrong_machine_type,
)
from infra.local.states.status_change import redrive_fields
from translator.interpreter.failure import MAXIMUM_CAUSE_LENGTH, MAXIMUM_ERROR_LENGTH


@dataclass(frozen=True, slots=True)
class ExecutionOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    machines: Machines
    executions: Executions
    map_runs: MapRuns
    engine: Engine
    recovery: Recovery
    clock: Clock
    new_id: Callable[[], str]
    chance: random.Random

    def start(self, parameters: Parameters) -> dict[str, Any]:
        """StartExecution by the ARN of a machine, a version or an alias; idempotent by name while it runs."""
        return self.start_for(parameters, None)

    def start_for(self, parameters: Parameters, parent: str | None) -> dict[str, Any]:
        """StartExecution that a task asks for."""
        summary = self.engine.start(self.wanted(parameters, parent))
        return {"executionArn": summary.arn, "startDate": summary.started_at}

    def wanted(self, parameters: Parameters, parent: str | None) -> Started:
        """The execution that a request asks for."""
        arn = parameters.required("stateMachineArn")
        machine = self.machines.get(arn)
        reference = parse_machine(arn)
        version, revision = self._revision(machine, reference, arn)
        name = parameters.name("name", parameters.text("name") or self.new_id())
        express = machine.kind == "EXPRESS"
        return Started(
            arn=express_arn(machine.name, name, self.new_id())
            if express
            else execution_arn(machine.name, name),
            name=name,
            machine=machine.name,
            version=version,
            alias=reference.alias,
            digest=revision.digest,
            role_arn=revision.role_arn,
            input=_input(parameters),
            seed=self.chance.getrandbits(32),
            started_at=round(self.clock(), 3),
            trace_header=parameters.text("traceHeader") or None,
            parent=parent,
            express=express,
        )

    def stop(self, parameters: Parameters) -> dict[str, Any]:
        """StopExecution; of an execution that has ended it tells when."""
        arn = check_execution(parameters.required("executionArn"))
        self.executions.summary(arn)
        error = parameters.optional("error", MAXIMUM_ERROR_LENGTH) or None
        cause = parameters.optional("cause", MAXIMUM_CAUSE_LENGTH) or None
        return {"stopDate": self.engine.stop(arn, error, cause)}

    def redrive(self, parameters: Parameters) -> dict[str, Any]:
        """RedriveExecution of an execution that has ended badly, from where it stood."""
        arn = check_execution(parameters.required("executionArn"))
        return {"redriveDate": self.recovery.redrive(arn, parameters.text("clientToken"))}

    def describe(self, parameters: Parameters) -> dict[str, Any]:
        """DescribeExecution."""
        arn = check_execution(parameters.required("executionArn"))
        child = self.map_runs.describe_child(arn)
        if child is not None:
            return child
        started, ended = self.executions.data(arn)
        summary = self.executions.summary(arn)
        answer: dict[str, Any] = {
            "executionArn": started.arn,
            "stateMachineArn": machine_arn(started.machine),
            "name": started.name,
            "status": ended.status if ended else RUNNING,
            "startDate": started.started_at,
            "input": started.input,
            "inputDetails": {"included": True},
            **started.qualifiers,
            **redrive_fields(ended.status if ended else RUNNING, summary.redrives),
        }
        optional = {"traceHeader": started.trace_header, "redriveDate": summary.redriven_at}
        if ended is not None:
            optional.update(error=ended.error, cause=ended.cause, output=ended.output)
            answer["stopDate"] = ended.stopped_at
            if ended.output is not None:
                answer["outputDetails"] = {"included": True}
        whole = {**answer, **{key: value for key, value in optional.items() if value is not None}}
        return whole if includes_data(parameters) else without_included(whole)

    def describe_machine(self, parameters: Parameters) -> dict[str, Any]:
        """DescribeStateMachineForExecution: the definition that the execution was started with."""
        started, _ = self.executions.data(check_execution(parameters.required("executionArn")))
        machine = self.machines.find(started.machine)
        text = self.machines.definitions.text(started.digest)
        answer: dict[str, Any] = {
            "stateMachineArn": machine_arn(started.machine),
            "name": started.machine,
            "definition": text if includes_data(parameters) else "{}",
            "roleArn": started.role_arn,
            "updateDate": started.started_at,
        }
        if machine is None:
            return answer
        revision = machine.revision_of(started.version, started.digest)
        described = described_definition(machine, revision, text, with_data=includes_data(parameters))
        return {**answer, **described, "updateDate": revision.updated_at}

    def list(self, parameters: Parameters) -> dict[str, Any]:
        """ListExecutions of a machine, a version, an alias or a Map Run, the newest first."""
        status = parameters.text("statusFilter")
        redriven = parameters.text("redriveFilter")
        run_arn = parameters.text("mapRunArn")
        if bool(run_arn) == parameters.has("stateMachineArn"):
            raise validation("Either a stateMachineArn or a mapRunArn must be specified, and not both")
        if run_arn:
            return page("executions", self.map_runs.children(self.map_runs.run(run_arn), status), parameters)
        arn = parameters.required("stateMachineArn")
        machine = self.machines.get(arn)
        if machine.kind == "EXPRESS":
            raise wrong_machine_type()
        reference = parse_machine(arn)
        if reference.alias is not None and machine.alias(reference.alias) is None:
            raise no_reference()
        found = [
            summary
            for summary in self.executions.of_machine(machine.name)
            if _belongs(summary, reference)
            and status in ("", summary.status)
            and redriven in ("", "REDRIVEN" if summary.redrives else "NOT_REDRIVEN")
        ]
        answer = page("executions", found, parameters)
        return {**answer, "executions": [_listed(summary) for summary in answer["executions"]]}

    def history(self, parameters: Parameters) -> dict[str, Any]:
        """GetExecutionHistory, oldest first or last first, with or without the data."""
        arn = check_execution(parameters.required("executionArn"))
        child = self.map_runs.child_history(arn)
        events = self.executions.history(arn) if child is None else child
        if parameters.flag("reverseOrder"):
            events.reverse()
        answer = page("events", events, parameters)
        if not parameters.flag("includeExecutionData", default=True):
            answer["events"] = [without_data(event) for event in answer["events"]]
        return answer

    def _revision(
        self, machine: Machine, reference: MachineReference, arn: str
    ) -> tuple[int | None, Revision]:
        number = reference.version
        if reference.alias is not None:
            alias = machine.alias(reference.alias)
            if alias is None:
                raise no_such_machine(arn)
            versions, weights = zip(*alias.routes, strict=True)
            number = self.chance.choices(versions, weights)[0]
        if number is None:
            return None, machine.revision
        version = machine.version(number)
        if version is None:
            raise no_such_machine(arn)
        return number, version.revision


def _input(parameters: Parameters) -> str:
    text = parameters.text("input") if parameters.has("input") else "{}"
    if not text:
        raise _bad_input("Invalid execution input.")
    try:
        return parse_text(text)[0]
    except ValueError as error:
        raise _bad_input(str(error)) from error


def _bad_input(problem: str) -> ServiceError:
    return ServiceError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{problem}'")


def _belongs(summary: Summary, reference: MachineReference) -> bool:
    if reference.version is not None:
        return summary.version == reference.version
    return reference.alias is None or summary.alias == reference.alias


def _listed(summary: Summary) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "executionArn": summary.arn,
        "stateMachineArn": machine_arn(summary.machine),
        "name": summary.name,
        "status": summary.status,
        "startDate": summary.started_at,
        "redriveCount": summary.redrives,
    }
    if summary.redriven_at is not None:
        answer["redriveDate"] = summary.redriven_at
    qualifiers = {"stateMachineVersionArn": summary.version, "stateMachineAliasArn": summary.alias}
    answer.update(
        {key: machine_arn(summary.machine, value) for key, value in qualifiers.items() if value is not None}
    )
    return answer if summary.stopped_at is None else {**answer, "stopDate": summary.stopped_at}
