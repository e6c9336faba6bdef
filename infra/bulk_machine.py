"""The state machine that starts many runs: a distributed Map over a list of payloads in the bucket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from infra.parts import Machine

FORMATS: Final[Mapping[str, Mapping[str, str]]] = {
    "jsonl": {"InputType": "JSONL"},
    "json": {"InputType": "JSON"},
    "csv": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
}
"""By format how Step Functions reads the list (AWS: ItemReader); which one cannot be an expression."""
_AT_ONCE: Final = 40
# Whoever says no for good is not asked again: that error is none of these.
_FAILURES_OF_THE_WAY: Final = (
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "StartFailed",
)


def bulk_machine() -> Machine:
    """Its input is `{"bulk", "bucket", "key", "format", "results"}`; a repeated attempt starts nothing."""
    states: dict[str, Any] = {
        "Which format": {
            "Type": "Choice",
            "Choices": [
                {"Condition": f"{{% $states.input.format = '{name}' %}}", "Next": _title(name)}
                for name in FORMATS
            ],
        }
    }
    states |= {_title(name): _each(name, reader) for name, reader in FORMATS.items()}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Which format", "States": states}
    return Machine("bulk", definition, functions=("bulk",))


def _title(name: str) -> str:
    return f"Start a run for each of {name}"


def _each(name: str, reader: Mapping[str, str]) -> dict[str, Any]:
    place = {"Bucket": "{% $states.input.bucket %}", "Key": "{% $states.input.key %}"}
    return {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": dict(reader),
            "Arguments": place,
        },
        "ItemSelector": {
            "bulk": "{% $states.input.bulk %}",
            "index": "{% $states.context.Map.Item.Index %}",
            "item": "{% $states.context.Map.Item.Value %}",
        },
        "MaxConcurrency": _AT_ONCE,
        "ToleratedFailurePercentage": 100,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": f"Start one of {name}",
            "States": {f"Start one of {name}": _one()},
        },
        # Without it the results of all items together would have to fit into 256 KB.
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Arguments": {"Bucket": "{% $states.input.bucket %}", "Prefix": "{% $states.input.results %}"},
        },
        "End": True,
    }


def _one() -> dict[str, Any]:
    retry = {
        "ErrorEquals": list(_FAILURES_OF_THE_WAY),
        "IntervalSeconds": 1,
        "BackoffRate": 2,
        "MaxAttempts": 6,
        "MaxDelaySeconds": 60,
        "JitterStrategy": "FULL",
    }
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "{function:bulk}", "Payload": "{% $states.input %}"},
        "Output": "{% $states.result.Payload %}",
        "Retry": [retry],
        "End": True,
    }
