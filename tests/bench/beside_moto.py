"""Our interpreter beside moto's executor, on the same machine definitions in the same run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final

from tests.bench.figure import Figure
from tests.bench.plain_machines import MACHINES, PlainMachine
from translator.expressions.evaluator import NOTHING, CompiledExpression
from translator.interpreter import Execution, StateMachine, TaskAnswer, TaskRequest, run_virtual
from translator.json_value import JsonValue

LEAST: Final = 20
"""How many times moto's states per second ours must be."""

_REPEATS: Final = 3
_PATIENCE: Final = 60.0
_ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def figures() -> Iterator[Figure]:
    """States per second of both by machine, and the least ratio; nothing where moto's parser is missing.

    moto evaluates with the evaluator that we use ourselves, as it ships none. Its time is the one of its own
    execution record, without the API call; ours holds the reading of the definition too, as moto's does.
    """
    if find_spec("antlr4") is None:
        yield Figure("beside moto: antlr4 is not installed, machines compared", 0, digits=0)
        return
    least = float("inf")
    with _moto() as client:
        for machine in MACHINES:
            theirs = min(_time_moto(client, machine) for _ in range(_REPEATS))
            ours = min(_time_ours(machine) for _ in range(_REPEATS))
            yield Figure(f"{machine.name}, moto's states per second", machine.states / theirs, digits=0)
            yield Figure(f"{machine.name}, our states per second", machine.states / ours, digits=0)
            least = min(least, theirs / ours)
    yield Figure("least of our states per second / moto's", least, LEAST, "at least", 0)


def run_ours(machine: PlainMachine) -> Execution:
    """The machine's run in our interpreter, from the reading of its definition on."""
    execution = Execution(
        StateMachine.parse(machine.definition),
        input=machine.data,
        name="bench",
        arn="arn:aws:states:eu-west-1:111122223333:execution:bench:bench",
        state_machine_arn="arn:aws:states:eu-west-1:111122223333:stateMachine:bench",
        started_at=1_700_000_000.0,
        seed=1,
    )
    run_virtual(execution, _no_task)
    return execution


def _time_ours(machine: PlainMachine) -> float:
    began = time.perf_counter()
    execution = run_ours(machine)
    took = time.perf_counter() - began
    _check("ours", machine, execution.status, execution.output)
    return took


def _no_task(request: TaskRequest) -> TaskAnswer:
    raise AssertionError(f"{request.state_name} calls something: these machines only compute")


def _time_moto(client: Any, machine: PlainMachine) -> float:
    """Seconds between the dates that moto itself writes."""
    arn = client.create_state_machine(
        name=f"{machine.name.replace(' ', '-')}-{time.monotonic_ns()}",
        definition=json.dumps(machine.definition),
        roleArn="arn:aws:iam::123456789012:role/bench",
    )["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=arn, input=json.dumps(machine.data))["executionArn"]
    limit = time.monotonic() + _PATIENCE
    while (told := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        if time.monotonic() > limit:
            raise AssertionError(f"moto does not end '{machine.name}' in {_PATIENCE:.0f} s")
        time.sleep(0.02)
    _check("moto", machine, told["status"], told.get("output"))
    return float((told["stopDate"] - told["startDate"]).total_seconds())


def _check(who: str, machine: PlainMachine, status: str, output: JsonValue) -> None:
    told = json.loads(output) if isinstance(output, str) else output
    if status != "SUCCEEDED" or told != machine.output:
        raise AssertionError(f"{who}: '{machine.name}' ended {status} with {str(told)[:200]}")


@contextmanager
def _moto() -> Iterator[Any]:
    """A client of moto's Step Functions with an evaluator in the place that moto leaves empty."""
    import boto3  # noqa: PLC0415 - slow imports that only this part needs
    from moto import mock_aws  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.component.common.string import string_expression  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.jsonata import jsonata, validations  # noqa: PLC0415

    evaluate = _evaluator(jsonata.JSONataException)
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    places: tuple[Any, ...] = (string_expression, validations)
    shipped = [place.eval_jsonata_expression for place in places]
    os.environ.update(_ENVIRONMENT)
    for place in places:
        place.eval_jsonata_expression = evaluate
    try:
        with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
            boto3.client("iam").create_role(RoleName="bench", AssumeRolePolicyDocument="{}")
            yield boto3.client("stepfunctions")
    finally:
        for place, function in zip(places, shipped, strict=True):
            place.eval_jsonata_expression = function
        _restore(before)


def _evaluator(failure: type[Exception]) -> Callable[[str], JsonValue]:
    def evaluate(source: str) -> JsonValue:
        try:
            value = CompiledExpression(source).evaluate({})
        except Exception as error:
            raise failure("UNKNOWN", str(error)) from error
        return None if value is NOTHING else value

    return evaluate


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
