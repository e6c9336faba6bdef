"""Clients of the local cloud's own AWS endpoint."""

from __future__ import annotations

import threading
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.model import ServiceModel

from infra.local.names import REGION

_CONFIG = Config(
    retries={"total_max_attempts": 1},
    max_pool_connections=50,
    # StartSyncExecution answers after up to five minutes, and its host's prefix makes no name of an address.
    read_timeout=330,
    inject_host_prefix=False,
    parameter_validation=True,
)


class Clients:
    """One client per service, made when it is first asked for, of one endpoint."""

    def __init__(self, endpoint_url: str) -> None:
        self.endpoint_url = endpoint_url
        self._session = botocore.session.Session()
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}

    def model(self, service: str) -> ServiceModel:
        """What a service's API looks like. Raises botocore's UnknownServiceError."""
        with self._lock:
            return self._session.get_service_model(service)

    def of(self, service: str) -> Any:
        """The client of a service by boto3's name for it. Raises botocore's UnknownServiceError."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.create_client(
                    service,
                    region_name=REGION,
                    endpoint_url=self.endpoint_url,
                    aws_access_key_id="local",
                    aws_secret_access_key="local",  # noqa: S106 (the endpoint checks no signature)
                    config=_CONFIG,
                )
            return self._clients[service]
