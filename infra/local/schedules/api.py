"""What EventBridge Scheduler refuses about a schedule's times, before the emulation takes it."""

from __future__ import annotations

import json
import re
from typing import Final

from werkzeug.wrappers import Request, Response

from translator.schedule import ScheduleSyntaxError, parse_expression, read_zone

_PATH: Final = re.compile(r"/schedules/[^/]+")


def refusal(request: Request) -> Response | None:
    """The service's ValidationException, or None where the emulation may answer."""
    if request.method not in {"POST", "PUT"} or not _PATH.fullmatch(request.path):
        return None
    given = json.loads(request.get_data() or b"{}")
    try:
        parse_expression(str(given.get("ScheduleExpression", "")))
    except ScheduleSyntaxError:
        return _invalid(f"Invalid Schedule Expression {given.get('ScheduleExpression', '')}.")
    try:
        read_zone(str(given.get("ScheduleExpressionTimezone") or "UTC"))
    except ScheduleSyntaxError:
        return _invalid(f"Invalid Schedule Expression Timezone {given['ScheduleExpressionTimezone']}.")
    return None


def _invalid(message: str) -> Response:
    body = json.dumps({"Message": message})
    headers = {"x-amzn-ErrorType": "ValidationException"}
    return Response(body, 400, headers, content_type="application/json")
