"""The HTTP API: greedy routes, payload format 2.0, one authorizer with simple responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer, HttpLambdaResponseType
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from infra.parts import Cors, Throttle
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
            cors_preflight=_preflight(topology.cors) if topology.cors is not None else None,
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
        made = [
            api.add_routes(
                path=route.path,
                methods=[gateway.HttpMethod[route.method]],
                integration=integrations[route.function],
                authorizer=authorizer if route.authorized else None,
            )
            for route in topology.routes
        ]
        _throttle(api, topology, [one for several in made for one in several])
        self.url = api.api_endpoint


def _preflight(cors: Cors) -> gateway.CorsPreflightOptions:
    methods = [gateway.CorsHttpMethod["ANY" if method == "*" else method] for method in cors.methods]
    return gateway.CorsPreflightOptions(
        allow_origins=list(cors.origins),
        allow_methods=methods,
        allow_headers=list(cors.headers),
        expose_headers=list(cors.exposed_headers) or None,
        max_age=Duration.seconds(cors.max_age_seconds),
        allow_credentials=cors.credentials or None,
    )


def _throttle(api: gateway.HttpApi, topology: Topology, routes: Sequence[gateway.HttpRoute]) -> None:
    """The stage's limits, which the constructs have no properties for."""
    assert api.default_stage is not None
    stage = api.default_stage.node.default_child
    assert isinstance(stage, gateway.CfnStage)
    if topology.throttle is not None:
        stage.add_property_override("DefaultRouteSettings", _limits(topology.throttle))
    own = {f"{one.method} {one.path}": _limits(one.throttle) for one in topology.routes if one.throttle}
    if own:
        stage.add_property_override("RouteSettings", own)
        # A stage cannot name a route that is not there yet.
        stage.node.add_dependency(*routes)


def _limits(throttle: Throttle) -> Mapping[str, float]:
    return {"ThrottlingRateLimit": throttle.rate, "ThrottlingBurstLimit": throttle.burst}
