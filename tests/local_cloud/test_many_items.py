"""Transactions and queries of the emulated tables stay right while they look only at what they touch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.model_instances import model_data, reset_model_data

from infra.local.aws.many_items import install


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    install()
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name="us-east-1")
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
        names = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "kind")]
        index = {
            "IndexName": "by_kind",
            "KeySchema": [
                {"AttributeName": "kind", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
        for table, schema, indexes in (("ranged", keys, [index]), ("plain", keys[:1], [])):
            used = {key["AttributeName"] for key in schema} | ({"kind"} if indexes else set())
            client.create_table(
                TableName=table,
                KeySchema=schema,
                AttributeDefinitions=[name for name in names if name["AttributeName"] in used],
                BillingMode="PAY_PER_REQUEST",
                **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
            )
        yield client


def _item(key: str, sort: str | None = None, **more: str) -> dict[str, Any]:
    values = {"pk": key, **({"sk": sort} if sort else {}), **more}
    return {name: {"S": value} for name, value in values.items()}


def _put(table: str, item: dict[str, Any], **condition: str) -> dict[str, Any]:
    return {"Put": {"TableName": table, "Item": item, **condition}}


def _all(client: Any, table: str) -> list[dict[str, str]]:
    found = client.scan(TableName=table)["Items"]
    return [{name: value["S"] for name, value in item.items()} for item in found]


def test_a_transaction_writes_and_deletes_in_tables_with_and_without_a_sort_key(dynamodb: Any) -> None:
    dynamodb.put_item(TableName="plain", Item=_item("old"))
    dynamodb.put_item(TableName="ranged", Item=_item("a", "1"))
    dynamodb.transact_write_items(
        TransactItems=[
            _put("plain", _item("new")),
            {"Delete": {"TableName": "plain", "Key": _item("old")}},
            _put("ranged", _item("a", "2")),
            {"Delete": {"TableName": "ranged", "Key": _item("a", "1")}},
        ]
    )
    assert _all(dynamodb, "plain") == [{"pk": "new"}]
    assert _all(dynamodb, "ranged") == [{"pk": "a", "sk": "2"}]


def test_a_transaction_of_which_one_part_fails_leaves_everything_as_it_was(dynamodb: Any) -> None:
    dynamodb.put_item(TableName="plain", Item=_item("kept", note="x"))
    before = _all(dynamodb, "plain")
    update = {
        "Update": {
            "TableName": "plain",
            "Key": _item("kept"),
            "UpdateExpression": "SET note = :y",
            "ExpressionAttributeValues": {":y": {"S": "y"}},
        }
    }
    refused = _put("ranged", _item("a", "1"), ConditionExpression="attribute_exists(pk)")
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        dynamodb.transact_write_items(TransactItems=[update, _put("plain", _item("new")), refused])
    assert _all(dynamodb, "plain") == before
    assert _all(dynamodb, "ranged") == []


def test_queries_find_a_partition_and_an_index_in_order_page_by_page(dynamodb: Any) -> None:
    for number in range(7):
        dynamodb.put_item(TableName="ranged", Item=_item(f"p{number % 2}", str(number), kind="k"))
    dynamodb.put_item(TableName="ranged", Item=_item("p0", "9"))

    def query(**given: Any) -> list[str]:
        pages = dynamodb.get_paginator("query").paginate(
            TableName="ranged", PaginationConfig={"PageSize": 2}, **given
        )
        return [item["sk"]["S"] for page in pages for item in page["Items"]]

    values = {":p": {"S": "p0"}}
    assert query(KeyConditionExpression="pk = :p", ExpressionAttributeValues=values) == [
        "0",
        "2",
        "4",
        "6",
        "9",
    ]
    kind = {":k": {"S": "k"}, ":s": {"S": "2"}}
    condition = "kind = :k AND sk > :s"
    found = query(
        IndexName="by_kind",
        KeyConditionExpression=condition,
        ExpressionAttributeValues=kind,
        ScanIndexForward=False,
    )
    assert found == ["6", "5", "4", "3"]


def test_nothing_that_a_request_has_made_is_kept_for_a_dashboard(dynamodb: Any) -> None:
    reset_model_data()
    dynamodb.put_item(TableName="plain", Item=_item("a"))
    tracked = [model.instances_tracked for model in model_data["dynamodb"].values()]  # type: ignore[attr-defined]
    assert tracked
    assert not any(tracked)


def test_an_item_without_the_indexs_key_is_not_in_the_index(dynamodb: Any) -> None:
    dynamodb.put_item(TableName="ranged", Item=_item("a", "1"))
    dynamodb.put_item(TableName="ranged", Item=_item("b", "1", kind="run"))
    found = dynamodb.query(
        TableName="ranged",
        IndexName="by_kind",
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "run"}},
    )
    assert [item["pk"]["S"] for item in found["Items"]] == ["b"]
