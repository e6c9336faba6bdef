"""The table as plain Python: items are dictionaries of texts, whole numbers, booleans, bytes and such."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from boto3.dynamodb.conditions import Attr, ConditionBase, ConditionExpressionBuilder
from boto3.dynamodb.conditions import Key as KeyCondition
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from layers.runtime.store.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = Mapping[str, Any]
Answer = TypeVar("Answer")

ITEM_LIMIT_BYTES: Final = 380_000
"""What one text may hold: below DynamoDB's 400 KB per item (AWS: DynamoDB quotas), with room for the rest."""

READ_AT_ONCE: Final = 500
MOST_READ: Final = 10_000
"""Items that a request looks at to fill a filtered page."""

ABSENT: Final = Attr("pk").not_exists()
PRESENT: Final = Attr("pk").exists()


class ConditionFailedError(Exception):
    """A conditional write found something else than it expected; nothing was written.

    `failed` holds the positions of the writes whose condition did not hold.
    """

    def __init__(self, failed: Sequence[int]) -> None:
        super().__init__(f"the conditions of writes {list(failed)} did not hold")
        self.failed = tuple(failed)


@dataclass(frozen=True, slots=True)
class Put:
    """Writes a whole item; None values are left out."""

    item: Item
    condition: ConditionBase | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Sets some attributes of an item, which must exist; None removes one."""

    key: Key
    values: Item
    condition: ConditionBase | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Removes an item."""

    key: Key
    condition: ConditionBase | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """Adds to numbers of an item and sets other attributes, making the item if it is not there."""

    key: Key
    numbers: Mapping[str, int]
    values: Item = field(default_factory=dict)
    condition: ConditionBase | None = None


Write = Put | Update | Add | Delete


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, and the key to go on from if there are more."""

    items: tuple[Item, ...]
    next_key: Item | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One partition of the table or of an index, in the order of its sort key."""

    partition: str
    begins_with: str = ""
    between: tuple[str, str] | None = None
    """The first and the last sort key, instead of `begins_with`."""
    index: str | None = None
    filter: ConditionBase | None = None
    newest_first: bool = False
    limit: int = 100
    start_key: Item | None = None

    def starting_at(self, key: Item | None) -> Query:
        """The same query, going on from a key."""
        return replace(self, start_key=key)


_INDEX_KEYS: Final = MappingProxyType(
    {None: ("pk", "sk"), "by_kind": ("gsi1pk", "gsi1sk"), "by_workflow": ("gsi2pk", "gsi2sk")}
)


def index_keys(index: str | None) -> tuple[str, str]:
    """The partition and sort key of an index, or of the table itself."""
    return _INDEX_KEYS[index]


@dataclass(frozen=True, slots=True)
class Table:
    """One DynamoDB table."""

    name: str
    client: DynamoDBClient
    _serializer: TypeSerializer = field(default_factory=TypeSerializer)
    _deserializer: TypeDeserializer = field(default_factory=TypeDeserializer)

    def get(self, key: Key) -> Item | None:
        """The item as it is now (a consistent read), or None."""
        if not _possible(key.pk, key.sk):
            return None
        answer = self.client.get_item(TableName=self.name, Key=self._key(key), ConsistentRead=True)
        return self._read(answer["Item"]) if "Item" in answer else None

    def get_all(self, keys: Sequence[Key]) -> tuple[Item | None, ...]:
        """Some items as they are now, in one call (AWS: BatchGetItem, at most 100), each or None."""
        wanted: Any = {self.name: {"Keys": [self._key(key) for key in keys], "ConsistentRead": True}}
        found: dict[Key, Item] = {}
        while wanted:
            answer = self.client.batch_get_item(RequestItems=wanted)
            for item in map(self._read, answer["Responses"].get(self.name, ())):
                found[Key(item["pk"], item["sk"])] = item
            wanted = answer.get("UnprocessedKeys")
        return tuple(found.get(key) for key in keys)

    def write(self, writes: Sequence[Write]) -> None:
        """Does all writes or none; raises ConditionFailedError if a condition does not hold."""
        if len(writes) == 1:
            self._write_one(writes[0])
            return
        parts: Any = [{_ACTION[type(write)]: self._arguments(write)} for write in writes]
        _checked(lambda: self.client.transact_write_items(TransactItems=parts))

    def query(self, query: Query) -> Page:
        """One page of at most `limit` items; with a filter it reads on until the page is full.

        Where little passes the filter the page may come short or empty, with a key to go on from: a request
        reads `MOST_READ` items at most.
        """
        found: list[Item] = []
        start = query.start_key
        if not _possible(query.partition, query.begins_with):
            return Page(())
        read = 0
        while True:
            wanted = query.limit - len(found) if query.filter is None else READ_AT_ONCE
            answer = self.client.query(**self._query_arguments(query, start, wanted))
            found += [self._read(item) for item in answer["Items"]]
            read += int(answer["ScannedCount"])
            last = answer.get("LastEvaluatedKey")
            start = self._read(last) if last else None
            if len(found) > query.limit:
                return Page(tuple(found[: query.limit]), _key_in(query.index, found[query.limit - 1]))
            if start is None or len(found) == query.limit or read >= MOST_READ:
                return Page(tuple(found), start)

    def _write_one(self, write: Write) -> None:
        arguments: Any = self._arguments(write)
        match write:
            case Put():
                _checked(lambda: self.client.put_item(**arguments))
            case Update() | Add():
                _checked(lambda: self.client.update_item(**arguments))
            case Delete():
                _checked(lambda: self.client.delete_item(**arguments))

    def _arguments(self, write: Write) -> dict[str, Any]:
        arguments: dict[str, Any] = {"TableName": self.name}
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        match write:
            case Put(item=item):
                arguments["Item"] = self._written(item)
            case Update(key=key, values=changes):
                arguments["Key"] = self._key(key)
                arguments["UpdateExpression"] = _update_expression(changes, names, values)
            case Add(key=key, numbers=numbers, values=changes):
                arguments["Key"] = self._key(key)
                added = _add_expression(numbers, names, values)
                arguments["UpdateExpression"] = (
                    f"{added} {_update_expression(changes, names, values)}".strip()
                )
            case Delete(key=key):
                arguments["Key"] = self._key(key)
        condition = PRESENT if write.condition is None and isinstance(write, Update) else write.condition
        if condition is not None:
            arguments["ConditionExpression"] = _expression(condition, names, values, is_key=False)
        return arguments | self._placeholders(names, values)

    def _query_arguments(self, query: Query, start: Item | None, limit: int) -> dict[str, Any]:
        partition_key, sort_key = index_keys(query.index)
        condition: ConditionBase = KeyCondition(partition_key).eq(query.partition)
        if query.between is not None:
            condition = condition & KeyCondition(sort_key).between(*query.between)
        elif query.begins_with:
            condition = condition & KeyCondition(sort_key).begins_with(query.begins_with)
        builder = ConditionExpressionBuilder()
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        arguments: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": _expression(condition, names, values, is_key=True, builder=builder),
            "ScanIndexForward": not query.newest_first,
            "Limit": limit,
        }
        if query.index is None:
            arguments["ConsistentRead"] = True
        else:
            arguments["IndexName"] = query.index
        if query.filter is not None:
            arguments["FilterExpression"] = _expression(
                query.filter, names, values, is_key=False, builder=builder
            )
        if start is not None:
            arguments["ExclusiveStartKey"] = self._written(start)
        return arguments | self._placeholders(names, values)

    def _placeholders(self, names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if names:
            arguments["ExpressionAttributeNames"] = dict(names)
        if values:
            arguments["ExpressionAttributeValues"] = self._written(values)
        return arguments

    def _key(self, key: Key) -> dict[str, Any]:
        return self._written({"pk": key.pk, "sk": key.sk})

    def _written(self, item: Item) -> dict[str, Any]:
        return {name: self._serializer.serialize(value) for name, value in item.items() if value is not None}

    def _read(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _plain(self._deserializer.deserialize(value)) for name, value in item.items()}


_REFUSED: Final = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
"""Of one write: nothing was written, for the item is not what was expected, or may be about to change."""
_ACTION: Final = {Put: "Put", Update: "Update", Add: "Update", Delete: "Delete"}


def _possible(partition: str, sort: str) -> bool:
    """Whether an item can have that key (AWS: DynamoDB quotas, 2,048 and 1,024 bytes)."""
    return len(partition.encode()) <= 2048 and len(sort.encode()) <= 1024


def _key_in(index: str | None, item: Item) -> Item:
    """What a query is to go on from after an item."""
    return {name: item[name] for name in {"pk", "sk", *index_keys(index)}}


def _plain(value: Any) -> Any:
    if isinstance(value, Binary):
        return bytes(cast("Any", value))
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return int(value) if hasattr(value, "to_integral_value") else value


def _update_expression(changes: Item, names: dict[str, str], values: dict[str, Any]) -> str:
    sets: list[str] = []
    removes: list[str] = []
    for position, (name, value) in enumerate(changes.items()):
        names[f"#s{position}"] = name
        if value is None:
            removes.append(f"#s{position}")
            continue
        values[f":s{position}"] = value
        sets.append(f"#s{position} = :s{position}")
    clauses = ["SET " + ", ".join(sets)] if sets else []
    return " ".join(clauses + (["REMOVE " + ", ".join(removes)] if removes else []))


def _add_expression(numbers: Mapping[str, int], names: dict[str, str], values: dict[str, Any]) -> str:
    parts: list[str] = []
    for position, (name, number) in enumerate(numbers.items()):
        names[f"#a{position}"], values[f":a{position}"] = name, number
        parts.append(f"#a{position} :a{position}")
    return "ADD " + ", ".join(parts) if parts else ""


def _expression(
    condition: ConditionBase,
    names: dict[str, str],
    values: dict[str, Any],
    *,
    is_key: bool,
    builder: ConditionExpressionBuilder | None = None,
) -> str:
    built = (builder or ConditionExpressionBuilder()).build_expression(condition, is_key_condition=is_key)
    names.update(built.attribute_name_placeholders)
    values.update(built.attribute_value_placeholders)
    return built.condition_expression


def _checked(write: Callable[[], Answer]) -> Answer:
    try:
        return write()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _REFUSED:
            raise ConditionFailedError((0,)) from error
        if code == "TransactionCanceledException":
            raise _cancelled(error) from error
        raise


def _cancelled(error: ClientError) -> Exception:
    reasons: Sequence[Mapping[str, Any]] = error.response.get("CancellationReasons", ())
    kinds = {"ConditionalCheckFailed", "TransactionConflict"}
    failed = [position for position, reason in enumerate(reasons) if reason.get("Code") in kinds]
    return ConditionFailedError(failed) if failed else error
