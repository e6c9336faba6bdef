"""Whether a JSON Schema takes less than the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_OF_PEOPLE: Final = (
    "title",
    "description",
    "examples",
    "default",
    "$comment",
    "$schema",
    "$id",
    "deprecated",
)
_READ_HERE: Final = frozenset(
    (*_UPPER, *_LOWER, *_OF_PEOPLE, "type", "required", "enum", "properties", "items", "additionalProperties")
)


def narrowings(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, at: str = "input"
) -> Iterator[str]:
    """What the new schema asks for that the old one did not, each with its place.

    A keyword that is not read here and is not as it was counts: nobody should find out by a refusal.
    """
    before, after = old or {}, new or {}
    yield from (f'{at} needs "{name}"' for name in _more(after.get("required"), before.get("required")))
    yield from _types(before, after, at)
    yield from _values(before, after, at)
    yield from _bounds(before, after, at)
    yield from _fields(before, after, at)
    if isinstance(after.get("items"), dict):
        earlier = before.get("items")
        yield from narrowings(earlier if isinstance(earlier, dict) else None, after["items"], f"{at}[]")
    for keyword in after:
        if keyword not in _READ_HERE and before.get(keyword) != after[keyword]:
            yield f'{at} has another "{keyword}"'


def _more(these: Any, than: Any) -> list[Any]:
    return [one for one in these or () if one not in (than or ())]


def _types(before: Mapping[str, Any], after: Mapping[str, Any], at: str) -> Iterator[str]:
    if "type" not in after:
        return
    now = _listed(after["type"])
    allowed = {*now, *(("integer",) if "number" in now else ())}
    gone = [one for one in _listed(before.get("type", ())) if one not in allowed]
    if "type" not in before:
        yield f"{at} must be {' or '.join(now)}"
    elif gone:
        yield f"{at} may no longer be {' or '.join(gone)}"


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _values(before: Mapping[str, Any], after: Mapping[str, Any], at: str) -> Iterator[str]:
    if "enum" not in after:
        return
    if "enum" not in before:
        yield f"{at} must be one of {len(after['enum'])} values"
    else:
        yield from (f"{at} may no longer be {value!r}" for value in _more(before["enum"], after["enum"]))


def _bounds(before: Mapping[str, Any], after: Mapping[str, Any], at: str) -> Iterator[str]:
    for keyword in (*_UPPER, *_LOWER):
        if keyword not in after:
            continue
        was, now = before.get(keyword), after[keyword]
        if was is None or (now < was if keyword in _UPPER else now > was):
            yield f"{at} has {keyword} {now}, was {'none' if was is None else was}"


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], at: str) -> Iterator[str]:
    earlier, later = before.get("properties", {}), after.get("properties", {})
    refused = before.get("additionalProperties") is False
    for name, schema in later.items():
        if isinstance(schema, dict) and (name in earlier or not refused):
            was = earlier.get(name)
            yield from narrowings(was if isinstance(was, dict) else None, schema, f"{at}.{name}")
    others = after.get("additionalProperties")
    if isinstance(others, dict) and others != before.get("additionalProperties"):
        yield f"{at} has another rule for its other fields"
    if others is False:
        if before.get("additionalProperties") is not False:
            yield f"{at} takes no other fields"
        yield from (f"{at} does not take {name!r}" for name in earlier if name not in later)
