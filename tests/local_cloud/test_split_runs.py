"""Runs that are several executions: what they do, how they fail and stop, and their one timeline."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from layers.runtime.joining import joined_events
from layers.runtime.node_run import NodeIteration
from layers.runtime.run_history import HistoryReader
from layers.runtime.timeline import NodeRun, build_timeline, skipped_nodes
from translator.compiler import Compilation, CompileOptions, compile_text

from .conftest import CloudProcess, wait_for
from .machines import ROLE, chain, ended, start, unique

COUNT = """\
id: count-NAME
variables: [{name: n, value: 0}]
nodes:
  - {id: rounds, type: while, parameters: {condition: "{% $n < $trigger.body.n %}", max_iterations: 40}}
  - {id: more, parent: rounds, type: set_variable, parameters: {values: {n: "{% $n + 1 %}"}}}
  - {id: check, parent: rounds, type: condition, parameters: {when: "{% $n = $trigger.body.bad %}"}}
  - {id: nap, parent: rounds, type: delay, parameters: {seconds: "{% $trigger.body.seconds %}"}}
  - id: broken
    parent: rounds
    type: terminate
    parameters: {status: failed, error: Broken, cause: "at {% $n %}"}
  - {id: after, type: transform, parameters: {output: "{% 'counted ' & $n %}"}}
edges:
  - {from: more, to: check}
  - {from: check, port: "true", to: broken}
  - {from: check, port: "false", to: nap}
  - {from: rounds, to: after}
output: "{% $after %}"
"""
PAUSES = 10
HANDLED = """\
id: handled-NAME
nodes:
  - {id: every, type: for_each, parameters: {items: "{% $trigger.body.items %}", max_items: 10, mode: inline}}
  - {id: parsed, parent: every, type: transform, parameters: {output: "{% $number($item.value) %}"}}
  - {id: told, type: transform, parameters: {output: "{% $error.error %}"}}
PAUSES
edges:
  - {from: pause0, to: parsed}
EDGES
error_handlers: [{errors: ["*"], node: told, resolve: true}]
""".replace(
    "PAUSES",
    "\n".join(
        f"  - {{id: pause{number}, parent: every, type: delay, parameters: {{seconds: 0}}}}"
        for number in range(PAUSES)
    ),
).replace(
    "EDGES",
    "\n".join(f"  - {{from: pause{number}, to: pause{number - 1}}}" for number in range(1, PAUSES)),
)
PROCESSOR = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "Twice",
    "States": {"Twice": {"Type": "Pass", "Output": "{% $states.input.item.value * 2 %}", "End": True}},
}
ITEM = {"item": "{% $states.context.Map.Item.Value %}", "index": "{% $states.context.Map.Item.Index %}"}
CHILDREN = chain(Every={"Type": "Map", "ItemProcessor": PROCESSOR, "ItemSelector": ITEM})
PLACES = {
    "states": {"Every": {"node": "every", "role": "body"}, "Twice": {"node": "twice", "role": "pass"}},
    "nodes": {
        "every": {"name": "Every", "type": "for_each", "states": ["Every"]},
        "twice": {"name": "Twice", "type": "transform", "states": ["Twice"], "parent": "every"},
    },
}


def deploy(cloud: CloudProcess, text: str, most_events: int) -> tuple[Compilation, str]:
    """Creates the workflow's machines with its alias; gives the alias."""
    compilation = compile_text(
        text.replace("NAME", unique("x")), options=CompileOptions(most_events=most_events)
    )
    states = cloud.states
    for name, part in compilation.sent_parts.items():
        states.create_state_machine(name=name, definition=part, roleArn=ROLE)
    name = f"main-{compilation.definition.id}"
    text = compilation.sent_text
    machine = states.create_state_machine(name=name, definition=text, roleArn=ROLE, publish=True)
    route: Any = [{"stateMachineVersionArn": machine["stateMachineVersionArn"], "weight": 100}]
    made = states.create_state_machine_alias(name="live", routingConfiguration=route)
    return compilation, made["stateMachineAliasArn"]


def begin(cloud: CloudProcess, alias: str, **body: Any) -> str:
    given = {"trigger": {"id": "manual", "type": "manual", "body": body}, "run": {"project": "main"}}
    return cloud.states.start_execution(stateMachineArn=alias, input=json.dumps(given))["executionArn"]


def end(cloud: CloudProcess, arn: str) -> Any:
    return wait_for(lambda: ended(cloud.states, arn))


def timeline(cloud: CloudProcess, source_map: Mapping[str, Any], arn: str) -> tuple[NodeRun, ...]:
    client: Any = cloud.states
    whole = HistoryReader(client, source_map.get("parts", {})).read(arn)
    assert whole.unread == ()
    return build_timeline(joined_events(whole.whole), source_map)


def parts_of(cloud: CloudProcess, compilation: Compilation) -> list[Any]:
    """The executions of the parts."""
    found: list[Any] = []
    for machine in cloud.states.list_state_machines()["stateMachines"]:
        if machine["name"] in compilation.parts:
            found += cloud.states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    return found


def test_a_loop_in_several_executions_is_one_run_with_one_timeline(cloud: CloudProcess) -> None:
    compilation, alias = deploy(cloud, COUNT, 100)
    arn = begin(cloud, alias, n=25, bad=0, seconds=0)
    assert json.loads(end(cloud, arn)["output"]) == "counted 25"
    assert len(parts_of(cloud, compilation)) > 2
    runs = timeline(cloud, compilation.source_map.to_json(), arn)
    assert Counter(run.node for run in runs) == {"rounds": 1, "more": 25, "check": 25, "nap": 25, "after": 1}
    assert {run.status for run in runs} == {"succeeded"}
    assert skipped_nodes(runs, compilation.source_map.to_json()) == ("broken",)
    assert [run.started_at for run in runs] == sorted(run.started_at for run in runs)


def test_a_run_that_fails_in_one_of_its_executions_has_a_timeline_up_to_there(cloud: CloudProcess) -> None:
    compilation, alias = deploy(cloud, COUNT, 100)
    arn = begin(cloud, alias, n=25, bad=15, seconds=0)
    result = end(cloud, arn)
    assert (result["status"], result["error"], result["cause"]) == ("FAILED", "Broken", "at 15")
    runs = timeline(cloud, compilation.source_map.to_json(), arn)
    assert Counter(run.node for run in runs)["more"] == 15
    assert runs[-1].node == "broken"
    assert skipped_nodes(runs, compilation.source_map.to_json()) == ("after",)


def test_stopping_a_run_stops_the_part_that_it_is_in(cloud: CloudProcess) -> None:
    compilation, alias = deploy(cloud, COUNT, 100)
    arn = begin(cloud, alias, n=25, bad=0, seconds=300)
    source_map = compilation.source_map.to_json()

    def naps() -> list[NodeRun]:
        return [run for run in timeline(cloud, source_map, arn) if run.node == "nap"]

    assert [nap.status for nap in wait_for(naps)] == ["running"]
    cloud.states.stop_execution(executionArn=arn, error="Enough", cause="of this")
    assert end(cloud, arn)["status"] == "ABORTED"
    (part,) = parts_of(cloud, compilation)
    assert wait_for(lambda: ended(cloud.states, part["executionArn"]))["status"] == "ABORTED"
    assert [nap.status for nap in naps()] == ["cancelled"]


def test_a_handler_takes_the_failure_of_an_item_that_is_an_execution(cloud: CloudProcess) -> None:
    compilation, alias = deploy(cloud, HANDLED, 150)
    items = [{"id": "one", "value": "1"}, {"id": "two", "value": "many"}]
    arn = begin(cloud, alias, items=items)
    assert json.loads(end(cloud, arn)["output"]) == {"told": "States.QueryEvaluationError"}
    assert {part["status"] for part in parts_of(cloud, compilation)} >= {"FAILED"}
    runs = timeline(cloud, compilation.source_map.to_json(), arn)
    (failed,) = [run for run in runs if run.node == "parsed" and run.status == "failed"]
    (iteration,) = failed.iterations
    assert (iteration.node, iteration.index, iteration.item) == ("every", 1, "two")


def test_children_of_a_distributed_map_are_in_the_timeline_with_their_items(cloud: CloudProcess) -> None:
    arn = start(cloud.states, CHILDREN, [{"name": "a", "value": 1}, {"name": "b", "value": 2}])
    assert end(cloud, arn)["output"] == "[2,4]"
    every, *runs = timeline(cloud, PLACES, arn)
    assert (every.node, every.status) == ("every", "succeeded")
    told = sorted((run.node, run.output, *run.iterations) for run in runs)
    assert told == [
        ("twice", 2, NodeIteration("every", 0, "a")),
        ("twice", 4, NodeIteration("every", 1, "b")),
    ]
