"""Small pure parts: routes, event patterns, operations, shapes, bad parameters."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from infra.local.aws.operation import operation_of
from infra.local.environment import Parts
from infra.local.front.route import Router
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import ServiceError
from infra.local.states.shape import to_request, to_result
from infra.topology import Route

_ROUTES = (
    Route("ANY", "/{proxy+}", "all"),
    Route("ANY", "/a/{id}", "variable"),
    Route("GET", "/a/b", "literal get"),
    Route("ANY", "/a/b", "literal any"),
)


@pytest.mark.parametrize(
    ("method", "path", "function"),
    [
        ("GET", "/a/b", "literal get"),
        ("POST", "/a/b", "literal any"),
        ("GET", "/a/c", "variable"),
        ("GET", "/a/c/d", "all"),
        ("GET", "/", None),
    ],
)
def test_the_most_specific_route_is_chosen(method: str, path: str, function: str | None) -> None:
    match = Router(_ROUTES).find(method, path)
    assert (match.route.function if match else None) == function


@pytest.mark.parametrize(
    ("target", "only_reads"),
    [
        ("DynamoDB_20120810.GetItem", True),
        ("DynamoDB_20120810.TransactGetItems", True),
        ("DynamoDB_20120810.PutItem", False),
        ("DynamoDB_20120810.TransactWriteItems", False),
        ("secretsmanager.GetSecretValue", True),
    ],
)
def test_requests_that_change_nothing_are_known_by_their_operation(target: str, *, only_reads: bool) -> None:
    scope = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host"
    headers = [("Authorization", scope), ("X-Amz-Target", target)]
    operation = operation_of(Request(EnvironBuilder(method="POST", headers=headers).get_environ()))
    assert operation.service == "dynamodb"
    assert operation.only_reads is only_reads


def test_members_are_spelt_as_each_side_spells_them() -> None:
    states = (
        botocore.session.get_session().get_service_model("stepfunctions").operation_model("StartExecution")
    )
    assert to_request({"StateMachineArn": "a", "Input": {"b": 1}}, states.input_shape) == {
        "stateMachineArn": "a",
        "input": '{"b":1}',
    }
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert to_result({"executionArn": "a", "startDate": moment}, states.output_shape) == {
        "ExecutionArn": "a",
        "StartDate": "2026-01-02T03:04:05.678Z",
    }


def test_streams_become_text_and_the_keys_of_maps_stay() -> None:
    storage = botocore.session.get_session().get_service_model("s3").operation_model("GetObject")
    answer = {"Body": io.BytesIO(b"content"), "Metadata": {"own-key": "x"}}
    assert to_result(answer, storage.output_shape) == {"Body": "content", "Metadata": {"own-key": "x"}}


def test_placeholders_are_filled_and_an_unknown_part_is_an_error() -> None:
    parts = Parts({"table": "main-table"})
    assert parts.fill("x-{table}-y") == "x-main-table-y"
    with pytest.raises(KeyError):
        parts.fill("{nothing}")


@pytest.mark.parametrize("body", [{"a": 1}, {"a": ["x"]}, {"a": ""}, {}])
def test_a_text_that_is_none_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ServiceError) as caught:
        Parameters(body).required("a")
    assert caught.value.code == "ValidationException"


@pytest.mark.parametrize("value", [True, "1", 1001, -1])
def test_a_number_that_does_not_fit_is_refused(value: Any) -> None:
    with pytest.raises(ServiceError):
        Parameters({"n": value}).number("n", 100, 1000)
