"""The authorizer: who is let in, and as whom."""

from __future__ import annotations

import pytest

from functions.authorizer.decision import decide
from layers.runtime.errors import RequestError
from layers.runtime.principal import Principal, principal_of
from layers.runtime.settings import Settings
from tests.functions.fakes import http_event

SETTINGS = Settings(project="main", development_token="s3cret")


def test_the_development_token_makes_a_principal_that_handlers_can_read() -> None:
    decision = decide(http_event("GET", "/api/x", headers={"Authorization": "Bearer s3cret"}), SETTINGS)
    assert decision["isAuthorized"] is True
    event = {"requestContext": {"authorizer": {"lambda": decision["context"]}}}
    assert principal_of(event) == Principal("developer", "main", ("admin",))


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer "}, {"authorization": "Basic s3cret"}],
    ids=["none", "wrong", "empty", "basic"],
)
def test_without_the_token_nobody_is_let_in(headers: dict[str, str]) -> None:
    assert decide(http_event("GET", "/api/x", headers=headers), SETTINGS) == {"isAuthorized": False}


def test_a_deployment_without_a_token_lets_nobody_in() -> None:
    event = http_event("GET", "/api/x", headers={"authorization": "Bearer "})
    assert decide(event, Settings()) == {"isAuthorized": False}


@pytest.mark.parametrize(
    "context", [{}, {"authorizer": {"lambda": None}}, {"authorizer": {"lambda": {"principal": {}}}}]
)
def test_a_request_without_a_principal_is_refused_with_401(context: dict[str, object]) -> None:
    with pytest.raises(RequestError) as refused:
        principal_of({"requestContext": context})
    assert refused.value.problem.status == 401
