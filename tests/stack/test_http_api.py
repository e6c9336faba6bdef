"""The HTTP API's configuration for browsers and its limits as CloudFormation gets them."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from infra.parts import Cors, Throttle
from infra.topology import Route, topology

pytestmark = [pytest.mark.validators, pytest.mark.slow]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    # Imported here: loading the CDK starts Node.
    from aws_cdk import App, Stack, assertions  # noqa: PLC0415
    from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415

    from infra.stacks.http_api import HttpApi  # noqa: PLC0415

    stack = Stack(App(outdir=str(tmp_path_factory.mktemp("synthesis"))), "front")
    function = lambda_.Function(
        stack,
        "Any",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="x.handler",
        code=lambda_.Code.from_inline("#"),
    )
    parts = replace(
        topology(),
        routes=(Route("ANY", "/a", "any"), Route("POST", "/b", "any", throttle=Throttle(1, 2))),
        authorizer="any",
        cors=Cors(("https://a.example",), ("GET",), max_age_seconds=60),
        throttle=Throttle(100.5, 200),
    )
    HttpApi(stack, "Http", topology=parts, functions={"any": function})
    made: dict[str, Any] = assertions.Template.from_stack(stack).to_json()["Resources"]
    return made


def _only(template: dict[str, Any], kind: str) -> dict[str, Any]:
    [found] = [made for made in template.values() if made["Type"] == kind]
    return dict(found)


def test_pages_of_the_named_origins_may_call_it(template: dict[str, Any]) -> None:
    assert _only(template, "AWS::ApiGatewayV2::Api")["Properties"]["CorsConfiguration"] == {
        "AllowOrigins": ["https://a.example"],
        "AllowMethods": ["GET"],
        "AllowHeaders": ["*"],
        "MaxAge": 60,
    }


def test_the_stage_limits_all_routes_and_one_more_narrowly(template: dict[str, Any]) -> None:
    stage = _only(template, "AWS::ApiGatewayV2::Stage")
    default = {"ThrottlingRateLimit": 100.5, "ThrottlingBurstLimit": 200}
    assert stage["Properties"]["DefaultRouteSettings"] == default
    own = {"POST /b": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 2}}
    assert stage["Properties"]["RouteSettings"] == own
    routes = {name for name, made in template.items() if made["Type"] == "AWS::ApiGatewayV2::Route"}
    assert routes <= set(stage["DependsOn"])
