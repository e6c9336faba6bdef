"""Refuses a payload that does not fit the JSON Schema which its workflow declares as `input`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject, JsonValue

MOST_TOLD: Final = 50
_LONGEST: Final = 200
"""Characters of one message: the library quotes the value, which may be large."""


def refuse_unfit(workflow: str, schema: JsonObject, body: JsonValue) -> None:
    """Raises RequestError (422) with every place of the body that does not fit, at most 50."""
    found = violations(schema, body)
    if found:
        raise _unfit(workflow, found)


def violations(schema: JsonObject, body: JsonValue) -> tuple[JsonObject, ...]:
    """Where a value does not fit a JSON Schema (2020-12, or as its `$schema` says), in the value's order."""
    return tuple(_violations(schema, body))


def _violations(schema: JsonObject, body: JsonValue) -> Iterator[JsonObject]:
    # Only workflows that declare an input pay for the import.
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from jsonschema.validators import validator_for  # noqa: PLC0415

    validator = validator_for(schema, default=Draft202012Validator)(schema)
    for error in sorted(validator.iter_errors(body), key=lambda error: [str(part) for part in error.path]):
        pointer = "".join(f"/{_escaped(str(part))}" for part in error.absolute_path)
        yield {"pointer": pointer, "message": _cut(error.message)}


def _escaped(part: str) -> str:
    """As a part of a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")


def _cut(message: str) -> str:
    """Both ends of a long message: what is wrong stands behind the value that it quotes."""
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]}…{message[-half:]}"


def _unfit(workflow: str, found: Sequence[JsonObject]) -> RequestError:
    first = found[0]
    place = first["pointer"] or "the body"
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return RequestError(
        Problem(
            422,
            "input_does_not_fit",
            "Input does not fit",
            f"The body does not fit the input of workflow '{workflow}': {place}: {first['message']}{more}.",
            "Send what the workflow's `input` describes; nothing was started.",
            violations=found[:MOST_TOLD],
        )
    )
