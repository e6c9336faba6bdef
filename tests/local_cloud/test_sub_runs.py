"""A workflow that runs another one, as machines of the local cloud."""

from __future__ import annotations

import json
from typing import Any

from translator.compiler import compile_text

from .conftest import CloudProcess, wait_for
from .machines import ROLE, ended

CHILD = """\
id: child-NAME
nodes:
  - {id: ask, type: condition, parameters: {when: "{% $trigger.body.n > 1 %}"}}
  - {id: twice, type: transform, parameters: {output: "{% 2 * $trigger.body.n %}"}}
  - id: small
    type: terminate
    parameters: {status: failed, error: TooSmall, cause: "only {% $trigger.body.n %}"}
edges: [{from: ask, port: "true", to: twice}, {from: ask, port: "false", to: small}]
output: "{% $twice %}"
"""
PARENT = """\
id: parent-NAME
nodes:
  - id: call
    type: workflow
    parameters: {workflow: child-NAME, body: {n: "{% $trigger.body.n %}"}, wait: WAIT}
  - {id: told, type: transform, parameters: {output: "{% $error.error & ' ' & $error.cause %}"}}
edges: [{from: call, port: error, errors: [TooSmall], to: told}]
output: {call: "{% $call %}", told: "{% $told %}"}
"""


def deploy(cloud: CloudProcess, text: str) -> str:
    """Creates the workflow's machine with its alias; gives the alias."""
    compilation = compile_text(text)
    created = cloud.states.create_state_machine(
        name=f"main-{compilation.definition.id}",
        definition=compilation.sent_text,
        roleArn=ROLE,
        publish=True,
    )
    route: Any = [{"stateMachineVersionArn": created["stateMachineVersionArn"], "weight": 100}]
    made = cloud.states.create_state_machine_alias(name="live", routingConfiguration=route)
    return made["stateMachineAliasArn"]


def run(cloud: CloudProcess, alias: str, n: int) -> Any:
    given = {"trigger": {"id": "manual", "type": "manual", "body": {"n": n}}, "run": {"project": "main"}}
    started = cloud.states.start_execution(stateMachineArn=alias, input=json.dumps(given))
    return wait_for(lambda: ended(cloud.states, started["executionArn"]))


def test_a_run_waits_for_the_other_and_takes_its_output_or_its_error(cloud: CloudProcess) -> None:
    deploy(cloud, CHILD.replace("NAME", "waited"))
    alias = deploy(cloud, PARENT.replace("NAME", "waited").replace("WAIT", "true"))
    assert json.loads(run(cloud, alias, 4)["output"]) == {"call": 8, "told": None}
    assert json.loads(run(cloud, alias, 1)["output"]) == {"call": None, "told": "TooSmall only 1"}


def test_a_run_that_is_not_waited_for_is_told_by_its_id(cloud: CloudProcess) -> None:
    child = deploy(cloud, CHILD.replace("NAME", "alone"))
    alias = deploy(cloud, PARENT.replace("NAME", "alone").replace("WAIT", "false"))
    started = json.loads(run(cloud, alias, 5)["output"])["call"]["run"]
    arn = f"{child.replace(':stateMachine:', ':execution:').removesuffix(':live')}:{started}"
    described: Any = wait_for(lambda: ended(cloud.states, arn))
    assert described["output"] == "10"
    assert json.loads(described["input"])["trigger"]["type"] == "workflow"
