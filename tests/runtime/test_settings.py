"""Settings and secrets: what the environment and Secrets Manager give the functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.topology import topology
from layers.runtime.errors import ConfigurationError, PlatformError
from layers.runtime.secrets import Secrets
from layers.runtime.settings import Settings


def test_every_variable_of_the_topology_is_read() -> None:
    names = {name for function in topology().functions for name in function.environment}
    ours = {
        name: name.lower() for name in names if name.startswith("STEPLOOM_") and name != "STEPLOOM_PROJECT"
    }
    settings = Settings.from_environment(ours)
    read = {getattr(settings, name.removeprefix("STEPLOOM_").lower()) for name in ours}
    assert read == set(ours.values())


@pytest.mark.parametrize("project", ["Main", "a#b", "-a", "a--b"])
def test_a_project_that_no_key_may_begin_with_is_refused(project: str) -> None:
    with pytest.raises(ConfigurationError, match=f"STEPLOOM_PROJECT is '{project}'"):
        Settings.from_environment({"STEPLOOM_PROJECT": project})


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(ConfigurationError, match="STEPLOOM_TABLE is not set"):
        Settings.from_environment({}).required("table")


@dataclass
class FakeSecretsManager:
    values: dict[str, str]
    asked: list[str] = field(default_factory=list)

    def get_secret_value(self, **arguments: Any) -> Mapping[str, Any]:
        self.asked.append(arguments["SecretId"])
        if arguments["SecretId"] not in self.values:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        return {"SecretString": self.values[arguments["SecretId"]]}


def test_a_secret_is_read_under_its_project_and_kept_for_a_minute() -> None:
    now = [100.0]
    manager = FakeSecretsManager({"main/orders-hook": "one"})
    secrets = Secrets(manager, "main", lambda: now[0])
    assert [secrets.value("orders-hook"), secrets.value("orders-hook")] == ["one", "one"]
    manager.values["main/orders-hook"] = "two"
    now[0] += 60
    assert secrets.value("orders-hook") == "two"
    assert manager.asked == ["main/orders-hook"] * 2


def test_a_secret_that_cannot_be_read_is_our_failure_and_named() -> None:
    with pytest.raises(PlatformError, match="The secret 'orders-hook' cannot be read"):
        Secrets(FakeSecretsManager({}), "main", lambda: 0.0).value("orders-hook")
