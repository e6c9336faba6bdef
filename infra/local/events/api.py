"""The operations of EventBridge that the emulation does not do as the service: events, and patterns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.wrappers import Request, Response

from infra.local.events.put_events import InvalidPutEventsError, PutEvents
from infra.local.events.replays import ReplayError, Replays
from translator.event_pattern import EventPatternError, matches, parse_pattern
from translator.schedule import ScheduleSyntaxError, parse_expression

_PREFIX: Final = "AWSEvents."
_OBJECT_FIELDS: Final = ("id", "account", "source", "time", "region", "resources", "detail-type")


Operation = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
"""The request's parameters in, the answer out, or None where the emulation may answer."""


@dataclass(frozen=True, slots=True)
class EventsApi:
    """Answers what concerns events and replays, and refuses what PutRule would not take."""

    put_events: PutEvents
    replays: Replays

    def answer(self, request: Request) -> Response | None:
        """The response, or None where the emulation may answer."""
        target = request.headers.get("X-Amz-Target", "")
        operation = (
            self._operations().get(target.removeprefix(_PREFIX)) if target.startswith(_PREFIX) else None
        )
        if operation is None:
            return None
        try:
            answer = operation(json.loads(request.get_data() or b"{}"))
        except InvalidPutEventsError as error:
            return _refused("ValidationException", str(error))
        except ReplayError as error:
            return _refused(error.code, str(error))
        except EventPatternError as error:
            return _refused("InvalidEventPatternException", f"Event pattern is not valid. Reason: {error}")
        except ScheduleSyntaxError:
            return _refused("ValidationException", "Parameter ScheduleExpression is not valid.")
        return None if answer is None else _json(200, answer)

    def _operations(self) -> Mapping[str, Operation]:
        return {
            "PutEvents": self.put_events,
            "TestEventPattern": lambda given: {"Result": _test(given)},
            "PutRule": _check_rule,
            **self.replays.operations(),
        }


def _test(given: Mapping[str, Any]) -> bool:
    pattern = parse_pattern(_read(given.get("EventPattern")))
    try:
        event = json.loads(given.get("Event") or "")
    except ValueError as error:
        raise InvalidPutEventsError("Parameter Event is not valid. Reason: it is no JSON.") from error
    if not isinstance(event, dict) or any(name not in event for name in _OBJECT_FIELDS):
        raise InvalidPutEventsError(
            f"Parameter Event is not valid. Reason: it needs {', '.join(_OBJECT_FIELDS)}."
        )
    return matches(pattern, event)


def _check_rule(given: Mapping[str, Any]) -> None:
    if given.get("EventPattern"):
        parse_pattern(_read(given["EventPattern"]))
    if given.get("ScheduleExpression"):
        parse_expression(str(given["ScheduleExpression"]))


def _read(text: Any) -> Any:
    try:
        return json.loads(text or "")
    except ValueError as error:
        raise EventPatternError((), "it is no JSON") from error


def _refused(code: str, message: str) -> Response:
    return _json(400, {"__type": code, "message": message})


def _json(status: int, body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/x-amz-json-1.1")
