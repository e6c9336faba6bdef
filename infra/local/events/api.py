"""The operations of EventBridge that the emulation does not do as the service: events, and patterns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.wrappers import Request, Response

from infra.local.events.put_events import InvalidPutEventsError, PutEvents
from translator.event_pattern import EventPatternError, matches, parse_pattern
from translator.schedule import ScheduleSyntaxError, parse_expression

_PREFIX: Final = "AWSEvents."
_OBJECT_FIELDS: Final = ("id", "account", "source", "time", "region", "resources", "detail-type")


@dataclass(frozen=True, slots=True)
class EventsApi:
    """Answers PutEvents and TestEventPattern, and refuses what PutRule would not take."""

    put_events: PutEvents

    def answer(self, request: Request) -> Response | None:
        """The response, or None where the emulation may answer."""
        target = request.headers.get("X-Amz-Target", "")
        if not target.startswith(_PREFIX):
            return None
        operation = target.removeprefix(_PREFIX)
        if operation not in ("PutEvents", "TestEventPattern", "PutRule"):
            return None
        given = json.loads(request.get_data() or b"{}")
        try:
            if operation == "PutEvents":
                return _json(200, self.put_events(given))
            if operation == "TestEventPattern":
                return _json(200, {"Result": _test(given)})
            _check_rule(given)
        except InvalidPutEventsError as error:
            return _refused("ValidationException", str(error))
        except EventPatternError as error:
            return _refused("InvalidEventPatternException", f"Event pattern is not valid. Reason: {error}")
        except ScheduleSyntaxError:
            return _refused("ValidationException", "Parameter ScheduleExpression is not valid.")
        return None


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
