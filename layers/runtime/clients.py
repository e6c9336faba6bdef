"""The clients of AWS services that the functions open, once per warm instance."""

from __future__ import annotations

import boto3

from layers.runtime.settings import Settings
from layers.runtime.store import Store, Table


def open_store(settings: Settings) -> Store:
    """The project's part of the table; raises ConfigurationError if no table is set."""
    return Store(Table(settings.required("table"), boto3.client("dynamodb")), settings.project)
