"""Webhook routes in the table: what a method on a path starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from boto3.dynamodb.conditions import Attr

from layers.runtime.arms import Split
from layers.runtime.json_value import JsonObject, JsonValue, read_json, write_json
from layers.runtime.store import Store
from layers.runtime.store.pages import Listing, read_cursor, write_cursor
from layers.runtime.store.table import ABSENT, Delete, Item, Put, Query, Update

RouteStatus = Literal["active", "paused"]
DEFAULT_MAX_BODY_BYTES: Final = 200_000
OPTIONS: Final = ("handshake", "idempotency", "answer", "allow", "rate_limits")
"""The fields of a webhook trigger that a route keeps as they are."""


@dataclass(frozen=True, slots=True)
class Route:
    """One webhook of an activated workflow."""

    method: str
    path: str
    workflow: str
    trigger: str
    version: int
    alias_arn: str
    status: RouteStatus
    content_type: str | None
    max_body_bytes: int
    verify: JsonObject
    """The definition's `verify`: preset, and the names of secrets and headers where it needs them."""
    has_input: bool = False
    """Whether the version has a JSON Schema that the body must fit."""
    concurrency: JsonObject | None = None
    """How many runs of the workflow may be under way at once (layers.runtime.admission.limit)."""
    split: Split | None = None
    """The second version of an A/B, which has the same route."""
    options: JsonObject = field(default_factory=dict)
    """The trigger's other fields that say how requests are taken and answered, as the definition has them."""

    @property
    def answer(self) -> str:
        """`accepted`, `result` or `respond`: what the sender is told."""
        return str(self.options.get("answer") or "accepted")


def routes_of_version(
    workflow: str,
    version: int,
    alias_arn: str,
    triggers: Sequence[JsonObject],
    *,
    has_input: bool = False,
    concurrency: JsonObject | None = None,
) -> tuple[Route, ...]:
    """The routes of a version's webhook triggers, as the definition language writes triggers."""
    return tuple(
        Route(
            method=str(trigger.get("method", "POST")),
            path=str(trigger["path"]),
            workflow=workflow,
            trigger=str(trigger["id"]),
            version=version,
            alias_arn=alias_arn,
            status="active",
            content_type=_text_or_none(trigger.get("content_type")),
            max_body_bytes=_whole(trigger.get("max_body_bytes"), DEFAULT_MAX_BODY_BYTES),
            verify=_object(trigger.get("verify")),
            has_input=has_input,
            concurrency=concurrency,
            options={name: trigger[name] for name in OPTIONS if trigger.get(name) is not None},
        )
        for trigger in triggers
        if trigger["type"] == "webhook"
    )


def routes_of_path(store: Store, path: str) -> tuple[Route, ...]:
    """The routes of all methods on a path."""
    partition = store.keys.route(path, "").pk
    return tuple(_route(item) for item in store.table.query(Query(partition)).items)


def list_routes(store: Store, limit: int, cursor: str | None) -> Listing[Route]:
    """The project's routes by path; raises RequestError (400) for a wrong cursor."""
    query = Query(store.keys.kind("route"), index="by_kind", limit=limit)
    page = store.table.query(query.starting_at(read_cursor(cursor, query)))
    return Listing(tuple(_route(item) for item in page.items), write_cursor(page.next_key))


def put_route(store: Store, route: Route) -> Put:
    """The write of a route, unless another workflow has it."""
    free = ABSENT | Attr("workflow").eq(route.workflow)
    return Put(_item(store, route), free)


def delete_route(store: Store, route: Route) -> Delete:
    """The removal of a route, unless another workflow has it by now."""
    return Delete(store.keys.route(route.path, route.method), ABSENT | Attr("workflow").eq(route.workflow))


def set_status(store: Store, route: Route, status: RouteStatus) -> Update:
    """The write that pauses a route or opens it again."""
    return Update(
        store.keys.route(route.path, route.method), {"status": status}, Attr("workflow").eq(route.workflow)
    )


def set_split(store: Store, route: Route, split: Split | None) -> Update:
    """The write that gives a route a second version, or takes it away."""
    value = None if split is None else split.to_json()
    key = store.keys.route(route.path, route.method)
    return Update(key, {"split": value}, Attr("workflow").eq(route.workflow))


def without(routes: Sequence[Route], kept: Sequence[Route]) -> tuple[Route, ...]:
    """Those of `routes` whose method and path are not among `kept`."""
    places = {(route.method, route.path) for route in kept}
    return tuple(route for route in routes if (route.method, route.path) not in places)


def _item(store: Store, route: Route) -> Item:
    key = store.keys.route(route.path, route.method)
    place = f"{route.path}#{route.method}"
    fields = {name: getattr(route, name) for name in Route.__slots__}
    return {
        "pk": key.pk,
        "sk": key.sk,
        "gsi1pk": store.keys.kind("route"),
        "gsi1sk": place,
        "gsi2pk": store.keys.of_workflow(route.workflow),
        "gsi2sk": f"route#{place}",
        **fields,
        "verify": write_json(route.verify),
        "concurrency": None if route.concurrency is None else write_json(route.concurrency),
        "split": None if route.split is None else route.split.to_json(),
        "options": write_json(route.options) if route.options else None,
    }


def _route(item: Item) -> Route:
    verify = read_json(item["verify"])
    assert isinstance(verify, Mapping)
    options = read_json(item.get("options") or "{}")
    fields: dict[str, Any] = {name: item.get(name) for name in Route.__slots__}
    flags = {"has_input": bool(fields["has_input"])}
    limit = read_json(item["concurrency"]) if "concurrency" in item else None
    split = Split.read(fields["split"])
    read = {"verify": verify, "split": split, "options": options, "concurrency": limit}
    return Route(**{**fields, **flags, **read})


def _text_or_none(value: JsonValue) -> str | None:
    return None if value is None else str(value)


def _whole(value: JsonValue, default: int) -> int:
    return value if isinstance(value, int) else default


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, Mapping) else {"preset": "none"}
