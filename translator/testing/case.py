"""One test case of a workflow: run on virtual time, then judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from translator import nodes
from translator.definition.model import Pin, TestCase, WorkflowDefinition
from translator.interpreter import Execution, StateMachine, run_virtual
from translator.json_value import JsonObject, JsonValue
from translator.testing.expectations import Outcome, misses
from translator.testing.large_values import AS_THEY_ARE, LargeValues
from translator.testing.mocks import SEED, MockedTasks, Work
from translator.testing.starts import Machines, no_machines

MANUAL: Final = {"id": "manual", "type": "manual"}


class SourceMap(Protocol):
    """Which state belongs to which node."""

    def to_json(self) -> Mapping[str, Any]:
        """States and nodes by name and id."""


class Compiled(Protocol):
    """What the runner needs of a compilation."""

    @property
    def definition(self) -> WorkflowDefinition:
        """The workflow."""

    @property
    def whole_machine(self) -> Mapping[str, Any]:
        """Its state machine, in one piece."""

    @property
    def is_parted(self) -> bool:
        """Whether its runs are several executions, which together may have any number of events."""

    @property
    def source_map(self) -> SourceMap:
        """Its states and nodes."""

    @property
    def pinned_input(self) -> JsonObject:
        """What its runs' input holds besides the trigger and the run."""

    def pinned(self, pins: Mapping[str, Pin], variables: Mapping[str, JsonValue], trigger: str) -> Compiled:
        """The same workflow with nodes that have already ended."""


class NodeRun(Protocol):
    """What the runner needs to know of one run of one node."""

    @property
    def node(self) -> str:
        """The node's id."""

    @property
    def status(self) -> str:
        """succeeded, failed, running or cancelled."""


Timeline = Callable[[Sequence[Mapping[str, Any]], Mapping[str, Any]], Sequence[NodeRun]]
"""From a history and a source map to the runs of the nodes."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case went; it passed if there are no problems."""

    name: str
    problems: tuple[str, ...]
    status: str = ""
    elapsed_seconds: float = 0.0
    """Virtual time from the run's start to its end."""
    output: JsonValue = None
    error: str | None = None
    cause: str | None = None
    node_runs: tuple[NodeRun, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.problems


def run_case(
    compilation: Compiled,
    case: TestCase,
    work: Work,
    timeline: Timeline,
    machines: Machines = no_machines,
    values: LargeValues = AS_THEY_ARE,
) -> CaseResult:
    """Runs the case on the interpreter; raises DiagnosticsError if the definition does not compile.

    `work` does what is not mocked and is the project's own code, `machines` knows the project's other
    workflows, `values` what becomes of large ones. No real time passes.
    """
    definition = compilation.definition
    wrong = _mistakes(definition, case)
    if wrong:
        return CaseResult(case.name, wrong)
    trigger = _trigger(definition, case.trigger)["id"]
    compilation = compilation.pinned(case.pins, case.variables, trigger)
    execution = _execution(compilation, case, values)
    tasks = MockedTasks(case.mocks, work, machines, lambda: execution.now, values)
    run_virtual(execution, tasks)
    source_map = compilation.source_map.to_json()
    children = [child.history for run in execution.map_runs for child in run.children]
    node_runs = tuple(
        run for history in (execution.history, *children) for run in timeline(history, source_map)
    )
    outcome = Outcome(
        status=execution.status.lower(),
        output=values.whole(execution.output),
        error=execution.error,
        cause=execution.cause,
        elapsed_seconds=_elapsed(execution),
        statuses=_statuses(node_runs),
    )
    return CaseResult(
        name=case.name,
        problems=(*tasks.problems, *misses(case.expect, outcome)),
        status=outcome.status,
        elapsed_seconds=outcome.elapsed_seconds,
        output=outcome.output,
        error=outcome.error,
        cause=outcome.cause,
        node_runs=node_runs,
    )


def _execution(compilation: Compiled, case: TestCase, values: LargeValues) -> Execution:
    definition = compilation.definition
    start = datetime.fromisoformat(case.start).astimezone(UTC)
    name = f"main-{definition.id}-{start:%Y%m%dT%H%M%S}-00000000"
    arn = "arn:aws:states:eu-central-1:000000000000"
    return Execution(
        StateMachine.parse(compilation.whole_machine),
        input={
            "trigger": values.trigger(name, trigger_value(definition, case.trigger, start)),
            "run": {"project": "main", "workflow": definition.id, "version": 0},
            **compilation.pinned_input,
        },
        name=name,
        arn=f"{arn}:execution:main-{definition.id}:{name}",
        state_machine_arn=f"{arn}:stateMachine:main-{definition.id}",
        started_at=start.timestamp(),
        seed=SEED,
        is_parted=compilation.is_parted,
    )


def trigger_value(
    definition: WorkflowDefinition, given: Mapping[str, JsonValue], moment: datetime
) -> Mapping[str, JsonValue]:
    """What `$trigger` is: what is given, completed by what its trigger's definition says."""
    trigger = _trigger(definition, given)
    basis: dict[str, JsonValue] = {"id": trigger["id"], "type": trigger["type"], "body": None}
    if trigger["type"] == "webhook":
        basis |= {"method": trigger["method"], "path": trigger["path"], "headers": {}, "query": {}}
        basis["received_at"] = moment.isoformat().replace("+00:00", "Z")
    return {**basis, **given}


def _trigger(definition: WorkflowDefinition, given: Mapping[str, Any]) -> Mapping[str, Any]:
    known = [trigger.model_dump() for trigger in definition.triggers] or [MANUAL]
    wanted = given.get("id", known[0]["id"])
    for trigger in known:
        if trigger["id"] == wanted:
            return trigger
    raise KeyError(wanted)


def _mistakes(definition: WorkflowDefinition, case: TestCase) -> tuple[str, ...]:
    types = {node.id: node.type for node in definition.nodes}
    named = {"mocks": tuple(case.mocks)}
    named |= {f"expect.{part}": getattr(case.expect, part) or () for part in ("ran", "skipped", "failed")}
    return (
        *(
            f'"{part}" names node "{node}", which the workflow does not have'
            for part, node_ids in named.items()
            for node in node_ids
            if node not in types
        ),
        *(
            f'"mocks" names node "{node}", a {types[node]}, which calls nothing: remove the mock'
            for node in case.mocks
            if node in types and not _calls(types[node])
        ),
        *_start_mistakes(definition, case),
    )


def _start_mistakes(definition: WorkflowDefinition, case: TestCase) -> Iterator[str]:
    triggers = [trigger.id for trigger in definition.triggers] or [MANUAL["id"]]
    if case.trigger.get("id", triggers[0]) not in triggers:
        known = ", ".join(f'"{name}"' for name in triggers)
        yield f'the workflow has no trigger "{case.trigger["id"]}": it has {known}'
    try:
        datetime.fromisoformat(case.start)
    except ValueError:
        yield f'"start" is "{case.start}": write a moment like 2026-01-01T00:00:00Z'


def _calls(type_name: str) -> bool:
    node_type = nodes.load(type_name)
    return type(node_type).run is not nodes.NodeType.run or node_type.starts_runs


def _elapsed(execution: Execution) -> float:
    first, last = execution.history[0]["timestamp"], execution.history[-1]["timestamp"]
    seconds: float = (last - first).total_seconds()
    return seconds


def _statuses(node_runs: Sequence[NodeRun]) -> dict[str, str]:
    """The last status of each node that ran."""
    return {run.node: run.status for run in node_runs}
