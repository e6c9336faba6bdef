"""Arguments and results of services between ASL's spelling and boto3's, along the service's shapes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape


def to_request(value: Any, shape: Shape | None) -> Any:
    """ASL writes every member with a capital; boto3 as the service's model does. JSON where text is wanted
    becomes its text, as for the body of a message or the detail of an event.
    """
    if shape is None:
        return {}
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        members: dict[str, str] = {name.lower(): name for name in shape.members}
        named = {members.get(str(key).lower(), str(key)): item for key, item in value.items()}
        return {key: to_request(item, shape.members.get(key)) for key, item in named.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [to_request(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {key: to_request(item, shape.value) for key, item in value.items()}
    if shape.type_name in {"string", "blob"} and not isinstance(value, str):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return value


def to_result(value: Any, shape: Shape | None) -> Any:
    """The other way: members with a capital, times as text, streams and bytes as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return {
            key[:1].upper() + key[1:]: to_result(item, shape.members.get(key)) for key, item in value.items()
        }
    if isinstance(value, Mapping):
        inner = shape.value if isinstance(shape, MapShape) else None
        return {key: to_result(item, inner) for key, item in value.items()}
    if isinstance(value, list):
        inner = shape.member if isinstance(shape, ListShape) else None
        return [to_result(item, inner) for item in value]
    return value


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return base64.b64encode(content).decode()
