"""A table in memory, as every function's test may need it."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from infra.topology import topology
from layers.runtime.store import Store, Table

REGION = "eu-west-1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS in memory, with the environment that a Lambda of the project has."""
    for name, value in {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "STEPLOOM_PROJECT": "main",
        "STEPLOOM_TABLE": topology().table.name,
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield


@pytest.fixture
def table(aws: None) -> Table:
    """The table of the topology."""
    described = topology().table
    client = boto3.client("dynamodb")
    names = {"pk", "sk"}.union(*((index.partition_key, index.sort_key) for index in described.indexes))
    client.create_table(
        TableName=described.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in sorted(names)],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.name,
                "KeySchema": [
                    {"AttributeName": index.partition_key, "KeyType": "HASH"},
                    {"AttributeName": index.sort_key, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in described.indexes
        ],
    )
    return Table(described.name, client)


@pytest.fixture
def store(table: Table) -> Store:
    """The part of the table that belongs to project `main`."""
    return Store(table, "main")
