"""The OpenAPI document, and the API held to it by schemathesis.

`STEPLOOM_API_EXAMPLES` says how many requests are made up for each operation; `make nightly` asks for many.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from functions.api.application import application
from functions.api.openapi import document
from functions.api.services import Services
from tests.functions.api.conftest import PRINCIPAL
from tests.functions.api.gateway import Gateway
from tests.functions.fakes import definition

EXAMPLES = int(os.environ.get("STEPLOOM_API_EXAMPLES", "5"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
Call = Callable[..., Any]


def operations() -> Iterator[tuple[str, str]]:
    for path, methods in document(application())["paths"].items():
        yield from ((method.upper(), path) for method in methods)


def test_the_document_is_served_as_openapi_3_1(call: Call) -> None:
    served = call("GET", "/api/openapi.json")
    assert (served["status"], served["json"]["openapi"]) == (200, "3.1.0")
    assert served["json"] == document(application())


def test_every_reference_of_the_document_leads_somewhere() -> None:
    described = document(application())
    text = json.dumps(described)
    names = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert names <= set(described["components"]["schemas"])
    assert "#/$defs/" not in text


def test_a_creation_is_described_with_its_status_and_both_forms_of_its_body() -> None:
    creation = document(application())["paths"]["/api/workflows"]["post"]
    assert set(creation["responses"]) == {"201", "default"}
    assert set(creation["requestBody"]["content"]) == {"application/json", "application/yaml"}


def test_every_operation_tells_what_it_does_and_how_it_refuses() -> None:
    for methods in document(application())["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["tags"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_a_method_that_a_path_does_not_take_is_answered_405(call: Call) -> None:
    refused = call("PATCH", "/api/workflows/order-fulfilment")
    assert (refused["status"], refused["headers"]["allow"]) == (405, "DELETE, GET, PUT")


@pytest.fixture
def known(call: Call) -> dict[str, list[str]]:
    """What paths may name so that requests get beyond 404: a draft, an active workflow, a run."""
    manual = [{"id": "by_hand", "type": "manual"}]
    call("POST", "/api/workflows", definition(id="drafted", triggers=[]))
    call("POST", "/api/workflows", definition(id="active", triggers=manual))
    call("POST", "/api/workflows/active/activate")
    run = call("POST", "/api/workflows/active/execute", {"body": 1})["json"]["run"]
    return {"workflow": ["drafted", "active"], "run": [run]}


@pytest.mark.parametrize(("method", "path"), list(operations()))
def test_no_request_fails_or_is_answered_otherwise_than_documented(
    method: str, path: str, services: Services, known: dict[str, list[str]]
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", Gateway(services, PRINCIPAL))
    counted: Counter[int] = Counter()

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=schema[path][method].as_strategy(), chosen=hypothesis.strategies.integers(0, 5))
    def holds(case: schemathesis.Case[Any], chosen: int) -> None:
        for name, values in known.items():
            if name in case.path_parameters and chosen < len(values):
                case.path_parameters[name] = values[chosen]
        response = case.call()
        counted[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    holds()
    assert counted.total() >= min(EXAMPLES, 2)
