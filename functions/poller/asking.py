"""Asks the service, as a node of type http_request would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from functions.poller.settings import PollSettings
from layers.runtime.firing.selecting import SelectionError
from layers.runtime.json_value import JsonValue

Ask: TypeAlias = Callable[[str, PollSettings, JsonValue], JsonValue]
"""Sends a trigger's request, whose expressions read the cursor; gives `{status, headers, body}`."""


class AskingError(Exception):
    """No answer that can be used; `retry_after` are the seconds that the service asks for."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def ask(name: str, settings: PollSettings, cursor: JsonValue) -> JsonValue:
    """The answer of the service; raises AskingError, SelectionError for an expression that fails."""
    # The node types are needed when there is something to ask, not when the function is loaded.
    from translator.error_classes import NodeError  # noqa: PLC0415
    from translator.nodes import RunContext, load  # noqa: PLC0415

    request = _evaluated(settings.request, {"cursor": cursor})
    assert isinstance(request, Mapping)
    context = RunContext(name, 0, settings.timeout_seconds, "read")
    try:
        return load("http_request").run(request, context)
    except NodeError as error:
        raise AskingError(f"{type(error).__name__}: {error}", error.retry_after) from error


def evaluate(source: str, names: Mapping[str, JsonValue]) -> JsonValue:
    """The value of JSONata source, null where it yields nothing; raises SelectionError."""
    from translator.error_classes import Validation  # noqa: PLC0415
    from translator.expressions import evaluating  # noqa: PLC0415

    try:
        return evaluating.evaluate(source, names)
    except Validation as error:
        raise SelectionError(str(error)) from error


def _evaluated(value: JsonValue, names: Mapping[str, JsonValue]) -> JsonValue:
    if isinstance(value, Mapping):
        return {name: _evaluated(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_evaluated(inner, names) for inner in value]
    return _text(value, names) if isinstance(value, str) and "{%" in value else value


def _text(text: str, names: Mapping[str, JsonValue]) -> JsonValue:
    from translator.expressions.template import TextPart, parse_template  # noqa: PLC0415

    template = parse_template(text)
    if template.whole is not None:
        return evaluate(template.whole.source, names)
    texts: list[str] = []
    for part in template.parts:
        value = part.text if isinstance(part, TextPart) else evaluate(part.source, names)
        # Of numbers, truth values and lists the text that an expression gives, not Python's.
        texts.append("" if value is None else str(evaluate("$string($value)", {"value": value})))
    return "".join(texts)
