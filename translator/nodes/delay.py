"""delay: waits for a duration, or until a moment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, Field, model_validator

from translator.json_value import JsonObject
from translator.node_type import (
    Effect,
    Expression,
    NodeType,
    Parameters,
    Waiting,
    inner,
    is_expression,
)

LONGEST_SECONDS: Final = 31_536_000
"""A year: how long a standard execution may live (AWS: Step Functions quotas)."""
SECONDS_OF: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


def _moment(text: str) -> str:
    if "{%" in text:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a moment: write it like 2026-12-24T18:00:00Z') from None
    if moment.tzinfo is None:
        raise ValueError(f'"{text}" has no time zone: end it with Z or an offset like +01:00')
    return text


Amount = Annotated[float, Field(ge=0)] | Expression


class DelayParameters(Parameters):
    """How long: one or more amounts, which are added, or a moment."""

    days: Amount | None = None
    hours: Amount | None = None
    minutes: Amount | None = None
    seconds: Amount | None = None
    until: Annotated[str, AfterValidator(_moment)] | None = None
    """ISO 8601 with a time zone; a moment that has passed is no wait."""

    @model_validator(mode="after")
    def _is_duration_or_moment(self) -> Self:
        amounts = [getattr(self, unit) for unit, _ in SECONDS_OF if unit in self.model_fields_set]
        if bool(amounts) == (self.until is not None):
            raise ValueError('needs either a duration ("days", "hours", "minutes", "seconds") or "until"')
        if _fixed_seconds(self.model_dump()) > LONGEST_SECONDS:
            raise ValueError(f"is longer than a run may take ({LONGEST_SECONDS} seconds, one year)")
        return self


class Delay(NodeType):
    """Waits, at no cost however long: nothing runs meanwhile.

    Amounts are added up (`days: 1` with `hours: 12` is a day and a half) and rounded up to a whole
    second. The node's output is null.
    """

    name: ClassVar[str] = "delay"
    summary: ClassVar[str] = "Wait for a while, or until a moment"
    example: ClassVar[str] = """\
id: cool_down
type: delay
name: Give the customer three days
parameters:
  days: 3
"""
    Parameters: ClassVar[type[Parameters]] = DelayParameters

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """Nothing outside the run changes."""
        del parameters
        return "read"

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject:
        """Null."""
        del parameters
        return {"type": "null"}

    def lower(self, parameters: Mapping[str, Any]) -> Waiting:
        """A Wait."""
        until = parameters.get("until")
        if until is not None:
            return Waiting(until=until if "{%" in until else _in_utc(until))
        terms = [
            _term(parameters[unit], seconds)
            for unit, seconds in SECONDS_OF
            if is_expression(parameters.get(unit))
        ]
        fixed = _fixed_seconds(parameters)
        if not terms:
            return Waiting(seconds=math.ceil(fixed))
        return Waiting(seconds=f"{{% $ceil({' + '.join([*terms, f'{fixed:g}'] if fixed else terms)}) %}}")


def _fixed_seconds(parameters: Mapping[str, Any]) -> float:
    amounts = ((parameters.get(unit), seconds) for unit, seconds in SECONDS_OF)
    return sum(amount * seconds for amount, seconds in amounts if isinstance(amount, int | float))


def _term(expression: str, seconds: int) -> str:
    return f"({inner(expression)})" if seconds == 1 else f"({inner(expression)}) * {seconds}"


def _in_utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat().replace("+00:00", "Z")


NODE_TYPE = Delay()
