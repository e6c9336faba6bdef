"""Runs a workflow that was split into several state machines: each part as an execution of its own."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from layers.runtime.joining import ExecutionHistory
from layers.runtime.run_history import part_started
from tests.properties.behaviour import Items
from tests.properties.cases import Case
from tests.properties.machine import BEGIN, as_run, chained, counters_of, items_in, prepared
from tests.properties.plan import Plans
from translator.compiler import Compilation
from translator.interpreter import (
    Execution,
    StateMachine,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)
from translator.testing.starts import Start, start_of

_ARN = "arn:aws:states:eu-south-1:123456789012"
_DESCRIPTION = 32_768
"""Characters of a Cause, in which the service describes an execution that failed."""


@dataclass
class Parted:
    """One run: its top execution, and what was asked of the outside."""

    case: Case
    parts: Mapping[str, Mapping[str, Any]]
    calls: Counter[str] = field(default_factory=Counter)
    """By JSON text the payloads that nodes were called with."""
    parts_run: int = 0
    was_cut: bool = False
    """Whether a failure cut something off, which a part here has then already done."""
    histories: dict[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """By ARN the events of every execution."""
    _tried: Counter[tuple[str, Items]] = field(default_factory=Counter)

    @cached_property
    def _counters(self) -> Mapping[str, tuple[bool, ...]]:
        return counters_of(Plans(self.case.model()))

    def run(self, machine: Mapping[str, Any], given: Mapping[str, Any]) -> Execution:
        """Runs the top machine to its end."""
        run = {"project": "main", "workflow": "drawn", "version": 1}
        whole = {"trigger": self.case.trigger, "run": run, **given}
        name = "main-drawn-20260101T000000-00000000"
        return self._execution(machine, whole, "main-drawn", name, BEGIN)

    def whole_history(self, arn: str) -> ExecutionHistory:
        """The history of an execution with those of the parts that it ran."""
        events = self.histories[arn]
        nested = {event["id"]: part_started(event, self.parts) for event in events}
        found = {number: (self.whole_history(part),) for number, part in nested.items() if part is not None}
        return ExecutionHistory(events, found)

    def _execution(
        self, machine: Mapping[str, Any], given: Mapping[str, Any], machine_name: str, name: str, at: float
    ) -> Execution:
        execution = Execution(
            StateMachine.parse(machine),
            input=given,
            name=name,
            arn=f"{_ARN}:execution:{machine_name}:{name}",
            state_machine_arn=f"{_ARN}:stateMachine:{machine_name}",
            started_at=at,
            seed=zlib.crc32(name.encode()),
            is_parted=not self.parts,
        )

        def answer(request: TaskRequest) -> TaskAnswer:
            arguments = request.arguments
            assert isinstance(arguments, Mapping)
            start = None if self._is_part(arguments) else start_of(request)
            if start is not None:
                return self._sub_run(start)
            if "StateMachineArn" in arguments:
                machine = str(arguments["StateMachineArn"]).rpartition(":")[2]
                arn = f"{_ARN}:execution:{machine}:{arguments['Name']}"
                execution.submitted(request.id, {"ExecutionArn": arn}, execution.now)
                return self._part(arguments, execution.now)
            payload = arguments["Payload"]
            assert isinstance(payload, Mapping)
            if "start" in payload:
                return prepared(payload)
            return chained(payload, self._node) if "chain" in payload else self._node(payload)

        run_virtual(execution, answer)
        kinds = {event["type"] for event in execution.history}
        self.histories[execution.arn] = execution.history
        self.was_cut = self.was_cut or any(kind.endswith("Aborted") for kind in kinds)
        return execution

    def _is_part(self, arguments: Mapping[str, Any]) -> bool:
        return str(arguments.get("StateMachineArn", "")).rpartition(":")[2] in self.parts

    def _sub_run(self, start: Start) -> TaskAnswer:
        self.calls[f"{start.node} {start.key}"] += 1
        body = {"arguments": start.input["trigger"]["body"]}
        given = self.case.answer((), start.node, self._tried[start.node, ()], body)
        self._tried[start.node, ()] += 1
        return as_run(start, given)

    def _part(self, arguments: Mapping[str, Any], now: float) -> TaskAnswer:
        self.parts_run += 1
        machine = str(arguments["StateMachineArn"]).rpartition(":")[2]
        given = json.loads(json.dumps(arguments["Input"]))
        assert len(str(arguments["Name"])) <= 80
        execution = self._execution(self.parts[machine], given, machine, str(arguments["Name"]), now)
        seconds = execution.now - now
        if execution.status == "SUCCEEDED":
            return TaskAnswer(TaskSucceeded({"Output": execution.output, "Status": "SUCCEEDED"}), seconds)
        told = {"Cause": execution.cause, "Error": execution.error, "Input": json.dumps(given)}
        known = {name: value for name, value in told.items() if value is not None}
        cause = json.dumps(known, separators=(",", ":"), ensure_ascii=False)
        return TaskAnswer(TaskFailed("States.TaskFailed", cause[:_DESCRIPTION]), seconds)

    def _node(self, payload: Mapping[str, Any]) -> TaskAnswer:
        node = str(payload["node"])
        items = items_in(str(payload["node_key"]), self._counters[node])
        self.calls[json.dumps(payload, sort_keys=True)] += 1
        given = self.case.answer(items, node, self._tried[node, items], payload["parameters"])
        self._tried[node, items] += 1
        if given.error is not None:
            return TaskAnswer(TaskFailed(given.error, given.cause), given.seconds)
        return TaskAnswer(TaskSucceeded({"Payload": {"output": given.output}}), given.seconds)


def assert_same_end(case: Case, whole: Mapping[str, Any], split: Compilation, told: str) -> None:
    """Holds a run of the parts to the run of the whole machine; what is `told` says which case it is."""
    one, several = Parted(case, {}), Parted(case, split.parts)
    expected, found = one.run(whole, {}), several.run(split.machine, {})
    assert found.status == expected.status, told
    assert found.output == expected.output, told
    assert found.error == expected.error, told
    assert without_place(found.cause) == without_place(expected.cause), told
    if not (one.was_cut or several.was_cut):
        assert several.calls == one.calls, told
        assert found.now == expected.now, told


def without_place(cause: str | None) -> str:
    """The service tells at which event the state was entered; a part counts its own events."""
    return re.sub(r"#\d+", "#", cause or "")
