"""Definitions of small state machines for the tests, and how to create and run them."""

from __future__ import annotations

import itertools
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

ROLE = "arn:aws:iam::000000000000:role/test"
_NUMBERS = itertools.count()


def unique(prefix: str) -> str:
    return f"{prefix}-{os.getpid()}-{next(_NUMBERS)}"


def chain(**states: dict[str, Any]) -> str:
    """A machine of these states one after the other."""
    names = list(states)
    linked = {
        name: {**states[name], **_going_on(states[name], following)}
        for name, following in itertools.zip_longest(names, names[1:])
        if name is not None
    }
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": names[0], "States": linked})


def _going_on(state: dict[str, Any], following: str | None) -> dict[str, Any]:
    if state["Type"] in {"Fail", "Succeed"}:
        return {}
    return {"Next": following} if following else {"End": True}


def returning(value: Any) -> str:
    return chain(Only={"Type": "Pass", "Output": value})


def waiting(seconds: float) -> str:
    return chain(Wait={"Type": "Wait", "Seconds": seconds})


def invoking(do: str, argument: Any = None, **more: Any) -> dict[str, Any]:
    """A Task state that invokes the function `echo`."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "test-echo", "Payload": {"do": do, "argument": argument}},
        "Output": "{% $states.result.Payload %}",
        **more,
    }


def create(states: SFNClient, definition: str, name: str | None = None) -> str:
    answer = states.create_state_machine(name=name or unique("machine"), definition=definition, roleArn=ROLE)
    return answer["stateMachineArn"]


def start(states: SFNClient, definition: str, given: Any = None) -> str:
    machine = create(states, definition)
    return states.start_execution(stateMachineArn=machine, input=json.dumps(given or {}))["executionArn"]


def ended(states: SFNClient, arn: str) -> DescribeExecutionOutputTypeDef | None:
    """The execution's description once it has ended."""
    description = states.describe_execution(executionArn=arn)
    return None if description["status"] == "RUNNING" else description
