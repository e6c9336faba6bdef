"""Secrets by name from AWS Secrets Manager, each read at most once a minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from layers.runtime.errors import PlatformError, Problem

KEPT_SECONDS: Final = 60.0


class SecretsManager(Protocol):
    """The part of boto3's `secretsmanager` client that is used."""

    def get_secret_value(self, **arguments: Any) -> Mapping[str, Any]:
        """AWS: GetSecretValue."""


@dataclass(slots=True)
class Secrets:
    """The secrets of one project: `orders-hook` is the secret `main/orders-hook`.

    `clock` gives seconds that only grow.
    """

    client: SecretsManager
    project: str
    clock: Callable[[], float]
    _kept: dict[str, tuple[float, str]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The secret's text; raises PlatformError (503) if it cannot be read."""
        kept_at, value = self._kept.get(name, (0.0, ""))
        if value and self.clock() - kept_at < KEPT_SECONDS:
            return value
        try:
            answer = self.client.get_secret_value(SecretId=f"{self.project}/{name}")
        except (ClientError, BotoCoreError) as error:
            raise _unreadable(name) from error
        value = answer.get("SecretString") or ""
        if not value:
            raise _unreadable(name)
        self._kept[name] = (self.clock(), value)
        return value


def _unreadable(name: str) -> PlatformError:
    return PlatformError(
        Problem(
            503,
            "secret_unreadable",
            "Secret cannot be read",
            f"The secret '{name}' cannot be read, so the request cannot be verified.",
            "Whoever runs the workflow must store it in Secrets Manager, as '<project>/<name>'.",
            headers={"retry-after": "60"},
        )
    )
