"""Compare an execution with a recording of it, past what the recorder masked."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

_MASKED = re.compile(r"<+[^<>]*>+(?::\d+>)?")
_LAMBDA = re.compile(r"(?i).*(lambda|function|fn[-_]|func).*")
_FREE = frozenset({"timestamp", "roleArn", "region"})
_ANY = frozenset(
    {
        *("date", "datetime", "timestamp", "uuid", "start-time", "entered-time", "start-date", "stop-date"),
        *("RandomNumberGenerated", "activity_arn", "map_run_arn", "sfn_role_arn", "snf_role_arn"),
    }
)
_FIELD = re.compile(r"\w+EventDetails\.\w+")


def same_end(actual: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]) -> bool:
    """Final status, output, error and cause."""
    ours, theirs = _details(actual[-1]), _details(expected[-1])
    return actual[-1]["type"] == expected[-1]["type"] and same(ours, theirs)


def same_events(
    actual: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]], *, ordered: bool
) -> str | None:
    """The first difference, or None: as multisets of (type, state) or, `ordered`, one by one with details."""
    if ordered:
        return _same_order(actual, expected)
    ours, theirs = Counter(map(_label, actual)), Counter(map(_label, expected))
    # The recorder sorted the events inside of a Parallel and lost the one that says it succeeded.
    del ours["ParallelStateSucceeded", ""], theirs["ParallelStateSucceeded", ""]
    if ours == theirs:
        return None
    return f"more {sorted((ours - theirs).elements())}, less {sorted((theirs - ours).elements())}"


def _same_order(actual: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]) -> str | None:
    ours, theirs = [event["type"] for event in actual], [event["type"] for event in expected]
    if ours != theirs:
        return f"{ours} is not {theirs}"
    for one, other in zip(actual, expected, strict=True):
        if not same(one, other):
            return f"{one} is not {other}"
    return None


def _label(event: Mapping[str, Any]) -> tuple[str, str]:
    name: str = _details(event).get("name", "")
    return event["type"], name


def _details(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def same(ours: Any, theirs: Any) -> bool:
    """Whether two values are the same, past what the recorder masked in the second."""
    if isinstance(theirs, str) and isinstance(ours, str):
        return _same_text(ours, theirs)
    if isinstance(ours, str):
        return _same_parsed(ours, theirs)
    if isinstance(theirs, str):
        return _same_parsed(theirs, ours) or _is_mask(theirs)
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        return ours.keys() == theirs.keys() and all(
            key in _FREE or same(value, theirs[key]) for key, value in ours.items()
        )
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if _is_number(ours) and _is_number(theirs):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return type(ours) is type(theirs) and bool(ours == theirs)


def same_numbers(ours: Any, theirs: Any) -> bool:
    """Whether two values are the same, numbers to nine digits."""
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        return ours.keys() == theirs.keys() and all(same_numbers(ours[key], theirs[key]) for key in ours)
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(same_numbers, ours, theirs))
    if _is_number(ours) and _is_number(theirs):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return type(ours) is type(theirs) and bool(ours == theirs)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_mask(text: str) -> bool:
    return text in _ANY or _MASKED.search(text) is not None or _FIELD.fullmatch(text) is not None


def _same_parsed(text: str, value: Any) -> bool:
    try:
        return same(json.loads(text), value)
    except ValueError:
        return False


def _same_text(ours: str, theirs: str) -> bool:
    if (
        ours == theirs
        or theirs in _ANY
        or _FIELD.fullmatch(theirs)
        or (_LAMBDA.fullmatch(ours) and _LAMBDA.fullmatch(theirs))
    ):
        return True
    pattern = ".*".join(re.escape(part) for part in _MASKED.split(theirs))
    if re.fullmatch(pattern, ours, re.DOTALL):
        return True
    try:
        one, other = json.loads(ours), json.loads(theirs)
    except ValueError:
        return False
    return not (isinstance(one, str) and isinstance(other, str)) and same(one, other)
