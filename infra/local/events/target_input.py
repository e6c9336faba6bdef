"""What a rule's target is given: the event, a part of it, a constant or a template.

Source: EventBridge user guide, "Amazon EventBridge input transformation".
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from typing import Any, Final

from translator.expressions.evaluator import Ambient
from translator.interpreter.failure import PathFailure
from translator.interpreter.path import View, compile_path
from translator.json_value import JsonValue

_PLACE: Final = re.compile(r"<([A-Za-z0-9_.-]+)>")
_VIEW: Final = View({"states": {}}, Ambient(0, random.Random(0)))  # noqa: S311 - paths draw no numbers


def target_input(target: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str, rule_name: str) -> str:
    """The text that the target gets."""
    if target.get("Input") is not None:
        return str(target["Input"])
    if target.get("InputPath") is not None:
        return _text(_at(str(target["InputPath"]), event))
    transformer = target.get("InputTransformer")
    if not transformer:
        return _text(dict(event))
    values = {name: _at(str(path), event) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    known: dict[str, JsonValue] = {
        **{name: value for name, value in values.items() if value is not None},
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_name,
        "aws.events.event.ingestion-time": event.get("time"),
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": dict(event),
    }
    return _filled(str(transformer["InputTemplate"]), known)


def _at(path: str, event: Mapping[str, Any]) -> JsonValue:
    select = compile_path(path, "InputPath")
    if select is None:
        return None
    try:
        return select(_VIEW, dict(event))
    except PathFailure:
        return None


def _filled(template: str, known: Mapping[str, JsonValue]) -> str:
    """A place within quotes takes the value's text, any other its JSON."""
    pieces: list[str] = []
    quoted, end = False, 0
    for place in _PLACE.finditer(template):
        between = template[end : place.start()]
        pieces.append(between)
        quoted ^= _quotes(between) % 2 == 1
        pieces.append(_inserted(known.get(place[1]), quoted=quoted))
        end = place.end()
    return "".join([*pieces, template[end:]])


def _quotes(text: str) -> int:
    return len(re.sub(r"\\.", "", text).split('"')) - 1


def _inserted(value: JsonValue, *, quoted: bool) -> str:
    if quoted:
        text = value if isinstance(value, str) else "" if value is None else _text(value)
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return '""' if value is None else _text(value)


def _text(value: JsonValue) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
