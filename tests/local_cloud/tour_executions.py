"""The chapters of the tour of the Step Functions API that are about executions."""

from __future__ import annotations

import json
from typing import Any

from .machines import ROLE, unique
from .tour import HELLO, definition, finished, refused


def a_start_is_idempotent_while_it_runs_and_refuses_what_does_not_fit(states: Any, _: str) -> None:
    waiting = definition(Wait={"Type": "Wait", "Seconds": 60, "End": True})
    made = states.create_state_machine(name=unique("waits"), definition=waiting, roleArn=ROLE)
    machine = made["stateMachineArn"]
    first = states.start_execution(stateMachineArn=machine, name="one", input="{}")
    again = states.start_execution(stateMachineArn=machine, name="one", input="{}")
    assert first == {**again, "ResponseMetadata": first["ResponseMetadata"]}
    other = {"stateMachineArn": machine, "name": "one", "input": "[]"}
    assert refused(states.start_execution, **other)[0] == "ExecutionAlreadyExists"
    for given, problem in {
        "": "Invalid execution input.",
        "not json": "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token "
        "'null', 'true' or 'false')",
    }.items():
        code, message = refused(states.start_execution, stateMachineArn=machine, input=given)
        assert (code, message) == (
            "InvalidExecutionInput",
            f"Invalid State Machine Execution Input: '{problem}'",
        )
    stopped = states.stop_execution(executionArn=first["executionArn"], error="Enough", cause="of waiting")
    seen = finished(states, first["executionArn"])
    assert (seen["status"], seen["error"], seen["cause"]) == ("ABORTED", "Enough", "of waiting")
    assert seen["stopDate"] == stopped["stopDate"]
    states.redrive_execution(executionArn=first["executionArn"])
    assert states.describe_execution(executionArn=first["executionArn"])["redriveCount"] == 1
    states.stop_execution(executionArn=first["executionArn"])
    states.delete_state_machine(stateMachineArn=machine)
    assert refused(states.describe_state_machine, stateMachineArn=machine)[0] == "StateMachineDoesNotExist"


def a_history_is_read_page_by_page_both_ways_and_without_data(states: Any, machine: str) -> None:
    execution = states.start_execution(stateMachineArn=f"{machine}:1", input='{"name": "me"}')["executionArn"]
    finished(states, execution)
    first = states.get_execution_history(executionArn=execution, maxResults=3)
    rest = states.get_execution_history(executionArn=execution, maxResults=3, nextToken=first["nextToken"])
    assert [event["id"] for event in first["events"] + rest["events"]] == [1, 2, 3, 4]
    assert "nextToken" not in rest
    backwards = states.get_execution_history(executionArn=execution, reverseOrder=True)
    assert backwards["events"][0]["type"] == "ExecutionSucceeded"
    bare = states.get_execution_history(executionArn=execution, includeExecutionData=False)
    assert "input" not in bare["events"][0]["executionStartedEventDetails"]
    foreign = {"executionArn": execution, "reverseOrder": True, "nextToken": first["nextToken"]}
    assert refused(states.get_execution_history, **foreign)[0] == "InvalidToken"
    made_up = {"executionArn": execution, "nextToken": "made up"}
    assert refused(states.get_execution_history, **made_up)[0] == "InvalidToken"


def an_activity_is_worked_at_by_its_token(states: Any, _: str) -> None:
    activity = states.create_activity(name=unique("desk"), tags=[{"key": "a", "value": "b"}])["activityArn"]
    assert states.list_tags_for_resource(resourceArn=activity)["tags"] == [{"key": "a", "value": "b"}]
    work = {"Type": "Task", "Resource": activity, "Arguments": "{% $states.input %}", "End": True}
    made = states.create_state_machine(name=unique("desk"), definition=definition(Work=work), roleArn=ROLE)
    machine = made["stateMachineArn"]
    for answer, status in (("done", "SUCCEEDED"), ("failed", "FAILED")):
        execution = states.start_execution(stateMachineArn=machine, input='"a form"')["executionArn"]
        task = states.get_activity_task(activityArn=activity, workerName="me")
        assert task["input"] == '"a form"'
        states.send_task_heartbeat(taskToken=task["taskToken"])
        if answer == "done":
            states.send_task_success(taskToken=task["taskToken"], output="1")
        else:
            states.send_task_failure(taskToken=task["taskToken"], error="Refused")
        assert finished(states, execution)["status"] == status
        assert refused(states.send_task_heartbeat, taskToken=task["taskToken"])[0] == "TaskTimedOut"
    states.delete_activity(activityArn=activity)
    assert refused(states.describe_activity, activityArn=activity)[0] == "ActivityDoesNotExist"
    states.delete_state_machine(stateMachineArn=machine)


def an_express_machine_is_waited_for_and_one_state_is_tested_alone(states: Any, _: str) -> None:
    made = states.create_state_machine(
        name=unique("quick"), definition=definition(Hello=HELLO), roleArn=ROLE, type="EXPRESS"
    )
    machine = made["stateMachineArn"]
    ended = states.start_sync_execution(stateMachineArn=machine, name="now", input='{"name": "you"}')
    assert (ended["status"], ended["output"]) == ("SUCCEEDED", '"hello you"')
    bare = states.start_sync_execution(
        stateMachineArn=machine, input='{"name": "you"}', includedData="METADATA_ONLY"
    )
    assert bare["outputDetails"] == {"included": False}
    assert refused(states.list_executions, stateMachineArn=machine)[0] == "StateMachineTypeNotSupported"
    assert refused(states.describe_execution, executionArn=ended["executionArn"])[0] == "InvalidArn"
    states.delete_state_machine(stateMachineArn=machine)
    state = json.dumps({**HELLO, "QueryLanguage": "JSONata"})
    tested = states.test_state(definition=state, roleArn=ROLE, input='{"name": "me"}')
    assert (tested["status"], tested["output"]) == ("SUCCEEDED", '"hello me"')
    logging = {"level": "ALL", "destinations": []}
    quick = {"name": unique("quick"), "definition": definition(Hello=HELLO), "roleArn": ROLE}
    code, message = refused(states.create_state_machine, **quick, loggingConfiguration=logging)
    assert code == "InvalidLoggingConfiguration"
    assert message == "Invalid Logging Configuration: Must specify exactly one Log Destination."
