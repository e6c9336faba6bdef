"""Reads an execution history as `aws stepfunctions get-execution-history` gives it, whole or in pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import ValidationError

from translator.debugger.errors import HistoryError, IncompleteHistoryError
from translator.debugger.recording.event_shape import EventShape
from translator.interpreter.history import Event

_EXPORT: Final = "export it with: aws stepfunctions get-execution-history --execution-arn … --output json"
_VALUES: Final = ("input", "output", "parameters")
_WITHOUT_DATA: Final = "export it again without --no-include-execution-data"


def read_export(text: str) -> tuple[Event, ...]:
    """The events in their order, with timestamps as moments in UTC.

    Takes one answer of the service, several behind one another or in a list, or the events alone, also newest
    first. Raises HistoryError, IncompleteHistoryError.
    """
    found: dict[int, Event] = {}
    for document in _documents(text):
        for given in _events(document):
            event = _event(given)
            known = found.setdefault(event["id"], event)
            if known != event:
                raise HistoryError(
                    f"there are two different events {event['id']}: these are pages of several executions",
                    "put only pages of one execution behind one another",
                )
    events = tuple(found[number] for number in sorted(found))
    _refuse_gaps(events)
    _refuse_missing_data(events)
    return events


def _documents(text: str) -> Iterator[Any]:
    decoder, at, text = json.JSONDecoder(), 0, text.lstrip("\ufeff")
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        try:
            document, at = decoder.raw_decode(text, at)
        except ValueError as error:
            raise HistoryError(f"the history is not JSON: {error}", _EXPORT) from error
        yield document


def _events(document: Any) -> Iterator[Any]:
    if isinstance(document, list):
        for each in document:
            yield from _events(each)
    elif isinstance(document, Mapping) and isinstance(document.get("events"), list):
        yield from document["events"]
    elif isinstance(document, Mapping) and "type" in document and "id" in document:
        yield document
    else:
        raise HistoryError('the file holds no history: there are no "events" in it', _EXPORT)


def _event(given: Any) -> Event:
    try:
        EventShape.model_validate(given)
        moment = _moment(given["timestamp"])
    except (TypeError, ValueError, OverflowError) as error:
        number = given.get("id") if isinstance(given, Mapping) else None
        what = f"event {number}" if isinstance(number, int) else "something"
        raise HistoryError(f"the file holds {what} that is no event: {_why(error)}", _EXPORT) from error
    return {**given, "timestamp": moment}


def _why(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place} {first['msg'].removeprefix('Value error, ')}".strip()


def _moment(given: Any) -> datetime:
    """A time as AWS's tools write it: a text in ISO 8601 or seconds since 1970."""
    if isinstance(given, int | float):
        return datetime.fromtimestamp(given, UTC)
    moment = datetime.fromisoformat(given)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _refuse_gaps(events: tuple[Event, ...]) -> None:
    if not events:
        raise HistoryError("the history has no events", _EXPORT)
    expected = 1
    for event in events:
        if event["id"] != expected:
            raise IncompleteHistoryError(
                f"events {expected} to {event['id'] - 1} are missing", "put all pages behind one another"
            )
        expected += 1
    if events[0]["type"] != "ExecutionStarted":
        raise HistoryError(f'it begins with {events[0]["type"]}, not with "ExecutionStarted"', _EXPORT)


def _refuse_missing_data(events: tuple[Event, ...]) -> None:
    if "input" not in events[0].get("executionStartedEventDetails", {}):
        raise IncompleteHistoryError("the history tells no inputs and outputs", _WITHOUT_DATA)
    for event in events:
        if event["type"] == "MapRunStarted":
            raise IncompleteHistoryError(
                f"event {event['id']} starts a distributed for_each, whose iterations are executions of "
                "their own: what they did is not in this history",
                "step through a run of your own instead, with the same input",
            )
        if event["type"] == "ExecutionRedriven":
            raise IncompleteHistoryError(
                f"the execution was redriven (event {event['id']})",
                f"cut the history off before event {event['id']} to step through the run until then",
            )
        for details in event.values():
            if isinstance(details, Mapping):
                _refuse_broken(event["id"], details)


def _refuse_broken(number: int, details: Mapping[str, Any]) -> None:
    """Every value that the run is rebuilt from must be there, whole."""
    if _is_truncated(details):
        raise IncompleteHistoryError(f"event {number} is cut off by the service", _WITHOUT_DATA)
    assigned = details.get("assignedVariables") or {}
    texts = [details[name] for name in _VALUES if name in details]
    texts += list(assigned.values()) if isinstance(assigned, Mapping) else [assigned]
    for text in texts:
        try:
            json.loads(text)
        except (TypeError, ValueError) as error:
            raise IncompleteHistoryError(f"a value of event {number} is no JSON: {error}", _EXPORT) from error


def _is_truncated(details: Mapping[str, Any]) -> bool:
    return any(isinstance(part, Mapping) and part.get("truncated") is True for part in details.values())
