"""The HTTP API: greedy routes, payload format 2.0, one authorizer with simple responses."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer, HttpLambdaResponseType
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.stacks.functions import logical_name
from infra.topology import Topology


class HttpApi(Construct):
    """Routes as the topology lists them; `url` is where they are reached."""

    def __init__(
        self, scope: Construct, name: str, *, topology: Topology, functions: Mapping[str, lambda_.Function]
    ) -> None:
        super().__init__(scope, name)
        api = gateway.HttpApi(
            self,
            "Api",
            api_name=f"{topology.project}-steploom",
            description="Steploom: REST API and webhooks",
        )
        authorizer = HttpLambdaAuthorizer(
            "Authorizer",
            functions[topology.authorizer],
            authorizer_name=f"{topology.project}-steploom",
            identity_source=["$request.header.Authorization"],
            response_types=[HttpLambdaResponseType.SIMPLE],
            # A token that is taken back stops working after at most this long.
            results_cache_ttl=Duration.minutes(1),
        )
        integrations = {
            function: HttpLambdaIntegration(logical_name(function), functions[function])
            for function in sorted({route.function for route in topology.routes})
        }
        for route in topology.routes:
            api.add_routes(
                path=route.path,
                methods=[gateway.HttpMethod[route.method]],
                integration=integrations[route.function],
                authorizer=authorizer if route.authorized else None,
            )
        self.url = api.api_endpoint
