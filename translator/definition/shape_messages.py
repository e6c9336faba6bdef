"""The messages for data that does not fit the models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, get_args

from pydantic import BaseModel

from translator.definition import asking, firing, model, webhook
from translator.definition.names import propose_identifier, propose_slug
from translator.definition.wording import owner, quoted
from translator.diagnostics.nearest import nearest

UNKNOWN_FIELD: Final = "WF110"
MISSING_FIELD: Final = "WF111"
WRONG_TYPE: Final = "WF112"
NOT_A_CHOICE: Final = "WF113"
PATTERN: Final = "WF114"
OUT_OF_RANGE: Final = "WF115"
LENGTH: Final = "WF116"


class Misfit(NamedTuple):
    """One error of pydantic: its type, its context, the value, and the path to it in the whole data."""

    kind: str
    context: Mapping[str, Any]
    value: Any
    parts: tuple[str | int, ...]
    data: Mapping[str, Any]

    @property
    def is_trigger(self) -> bool:
        """Whether a whole trigger is meant, and not something in it."""
        return len(self.parts) == 2 and self.parts[0] == "triggers"

    @property
    def field(self) -> str:
        """The last field's name, with the index where it is an element of a list."""
        return str(self.parts[-1]) if self.parts else ""

    @property
    def subject(self) -> str:
        """`"timeout_seconds" of node "charge"`."""
        return owner(self.data, self.parts)

    @property
    def owner(self) -> str:
        """`node "charge"`."""
        return owner(self.data, self.parts[:-1])

    @property
    def element(self) -> str:
        """The whole element of the definition, however deep inside it the value stands: `node "charge"`."""
        return owner(self.data, self.parts[:2])


def is_worded(misfit: Misfit) -> bool:
    """Whether there are words for that kind of misfit, not only for its value."""
    return misfit.kind in _BUILDERS or misfit.kind in TYPES


class Finding(NamedTuple):
    """A diagnostic without its place."""

    code: str
    message: str
    hint: str
    about_key: bool = False


_TRIGGERS: Final[Mapping[str, type[BaseModel]]] = {
    "webhook": webhook.WebhookTrigger,
    "manual": model.ManualTrigger,
    "schedule": firing.ScheduleTrigger,
    "event": firing.EventTrigger,
    "poll": asking.PollTrigger,
    "workflow": asking.WorkflowTrigger,
}

_MODELS: Final[Mapping[tuple[str, ...], type[BaseModel]]] = {
    (): model.WorkflowDefinition,
    ("nodes", "*"): model.Node,
    ("nodes", "*", "retry_policy"): model.RetryPreset,
    ("nodes", "*", "retry_policy", "*"): model.RetryEntry,
    ("edges", "*"): model.Edge,
    ("variables", "*"): model.Variable,
    ("triggers", "*", "verify"): webhook.VerifySettings,
    ("triggers", "*", "handshake"): webhook.Handshake,
    ("triggers", "*", "idempotency"): webhook.DeliveryId,
    ("triggers", "*", "rate_limits", "*"): webhook.RateLimit,
    ("triggers", "*", "calendar"): firing.Calendar,
    ("error_handlers", "*"): model.ErrorHandler,
    ("on_end", "*"): model.EndAction,
    ("metrics", "*"): model.Metric,
    ("settings",): model.Settings,
    ("settings", "concurrency"): model.Concurrency,
    ("tests", "*"): model.TestCase,
    ("tests", "*", "expect"): model.Expectation,
    ("tests", "*", "mocks", "*"): model.MockAnswer,
    ("tests", "*", "mocks", "*", "*"): model.MockAnswer,
    ("tests", "*", "pins", "*"): model.Pin,
}

TYPES: Final[Mapping[str, str]] = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
    "none_required": "null",
}
"""What a value was expected to be, by pydantic's error type."""

EXPECTED: Final = "expected"
"""In a misfit's context: the words for all that would have fitted, where there is more than one."""


def find_words(misfit: Misfit) -> Finding:
    """The message for any misfit that pydantic reports."""
    return _BUILDERS.get(misfit.kind, wrong_type)(misfit)


def unknown_field(misfit: Misfit) -> Finding:
    """A field that no model has, most often a typo."""
    fields = _fields_of(misfit)
    near = nearest(misfit.field, fields)
    if near:
        hint = f'did you mean "{near}"?'
    elif misfit.parts[0] == "nodes" and len(misfit.parts) == 3:
        hint = 'if it is a parameter of the node\'s type, put it under "parameters"'
    else:
        hint = f"remove it; there are: {', '.join(fields)}" if fields else "remove it"
    return Finding(UNKNOWN_FIELD, f"{misfit.owner} has an unknown field {quoted(misfit.field)}", hint)


def _fields_of(misfit: Misfit) -> list[str]:
    """The fields that the object around the value may have."""
    parts = misfit.parts[:-1]
    path = tuple("*" if isinstance(part, int) else part for part in parts)
    if len(path) == 4 and path[2] in ("mocks", "pins"):
        path = (*path[:3], "*")
    if len(path) == 5 and path[2] == "mocks":
        path = (*path[:3], "*", "*")
    found = _MODELS.get(path)
    if path == ("triggers", "*"):
        found = _TRIGGERS.get(str(misfit.data["triggers"][parts[1]].get("type")))
    return [info.alias or name for name, info in found.model_fields.items()] if found else []


def missing_field(misfit: Misfit) -> Finding:
    """A field that has no default."""
    hints = {
        "nodes": "add `nodes:` with at least one node",
        "type": "add `type:`, such as `type: http_request` of a node or `type: webhook` of a trigger",
        "parameters": "add `parameters:`",
    }
    hint = hints.get(misfit.field, f"add `{misfit.field}: …`")
    return Finding(MISSING_FIELD, f'{misfit.owner} has no "{misfit.field}"', hint)


def not_a_choice(misfit: Misfit) -> Finding:
    """A value that is not one of a fixed few."""
    choices = re.findall(r"'([^']*)'|(\d+)", str(misfit.context.get("expected", "")))
    allowed = [text or number for text, number in choices]
    near = nearest(str(misfit.value), allowed)
    hint = f'did you mean "{near}"?' if near else f"it may be {_either(allowed)}"
    return Finding(NOT_A_CHOICE, f"{misfit.subject} is {quoted(misfit.value)}", hint)


def no_form(misfit: Misfit) -> Finding:
    """A trigger of no known type, or a value in none of the forms that are allowed."""
    if misfit.is_trigger:
        return _trigger_type(misfit)
    presets = get_args(model.RetryPreset.model_fields["preset"].annotation)
    if misfit.field == "retry_policy" and misfit.value in presets:
        return Finding(
            WRONG_TYPE, f"{misfit.subject} is {quoted(misfit.value)}", f"write {{preset: {misfit.value}}}"
        )
    forms = {
        "retry_policy": "`{preset: …}` or a list of entries",
        "value": "an expression or a number",
        "secret": "the secret's name or a list of names",
    }
    hint = f"write {forms.get(misfit.field, 'an object or a list')}"
    return Finding(WRONG_TYPE, f"{misfit.subject} is {quoted(misfit.value)}", hint)


def _trigger_type(misfit: Misfit) -> Finding:
    written = misfit.value.get("type")
    if written is None:
        return Finding(
            MISSING_FIELD, f'{misfit.subject} has no "type"', f"it may be {_either(list(_TRIGGERS))}"
        )
    near = nearest(str(written), _TRIGGERS)
    hint = f'did you mean "{near}"?' if near else f"it may be {_either(list(_TRIGGERS))}"
    return Finding(NOT_A_CHOICE, f"{misfit.subject} has the type {quoted(written)}", hint)


def pattern(misfit: Misfit) -> Finding:
    """A name with characters that it may not have."""
    written = misfit.field if _is_key(misfit) else misfit.value
    subject = f"a key of {misfit.owner}" if _is_key(misfit) else misfit.subject
    expected = str(misfit.context.get("pattern"))
    if "(-[a-z0-9]+)" in expected:
        hint = f'use lower-case letters, digits and single dashes, such as "{propose_slug(str(written))}"'
    elif expected.startswith("^[a-z]"):
        hint = (
            "begin with a lower-case letter and use only lower-case letters, digits and _, "
            f'such as "{propose_identifier(str(written))}"'
        )
    elif "(/" in expected:
        hint = "use letters, digits and . _ ~ - with single slashes between them, such as orders/new"
    else:
        hint = f"it must have the form {expected} (a regular expression)"
    return Finding(PATTERN, f"{subject} is {quoted(written)}", hint, about_key=_is_key(misfit))


def _is_key(misfit: Misfit) -> bool:
    return len(misfit.parts) == 4 and misfit.parts[0] == "tests" and misfit.parts[2] == "mocks"


_BOUNDS: Final = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}


def out_of_range(misfit: Misfit) -> Finding:
    """A number that is too small or too large."""
    wording = next(key for key in _BOUNDS if key in misfit.context)
    bound = misfit.context[wording]
    hint = f"it must be {_BOUNDS[wording]} {bound if isinstance(bound, int) else format(bound, 'g')}"
    return Finding(OUT_OF_RANGE, f"{misfit.subject} is {quoted(misfit.value)}", hint)


def length(misfit: Misfit) -> Finding:
    """A text or list that is empty or too long."""
    what = "character" if misfit.kind.startswith("string") else "element"
    if "max_length" in misfit.context:
        most, given = misfit.context["max_length"], len(misfit.value)
        message = f"{misfit.subject} is too long: {quoted(misfit.value)} has {given} {what}s"
        return Finding(LENGTH, message, f"use at most {most} {what}s")
    least = misfit.context.get("min_length", 1)
    if least > 1:
        return Finding(LENGTH, f"{misfit.subject} is too short", f"give at least {least} {what}s")
    return Finding(LENGTH, f"{misfit.subject} is empty", f"give at least one {what}")


def wrong_type(misfit: Misfit) -> Finding:
    """A value of another type than the field's."""
    expected = misfit.context.get(EXPECTED) or TYPES.get(misfit.kind, "something else")
    hint = _type_hint(expected, misfit.value, misfit.field)
    return Finding(WRONG_TYPE, f"{misfit.subject} is {quoted(misfit.value)}, but must be {expected}", hint)


def _type_hint(expected: str, value: Any, field: str) -> str:
    or_expression = ', or an expression as "{% … %}"' if "an expression" in expected else ""
    if expected == "a text" and isinstance(value, int | float):
        return f'put it in quotes: "{str(value).lower() if isinstance(value, bool) else value}"'
    if value is None:
        return "give a value, or remove the field"
    if isinstance(value, str) and expected.startswith(("a whole number", "a number", "true or false")):
        return _unquoted_hint(expected, value) + or_expression
    if expected == "a whole number" and isinstance(value, float):
        return f"write {round(value)}"
    if expected == "a list":
        return f"begin each element with `- ` under `{field}:`, or put it into [ … ]"
    if expected.startswith("an object"):
        return "write fields and values: `name: value`" + or_expression
    return f"write {expected}"


def _unquoted_hint(expected: str, value: str) -> str:
    wanted = expected.removesuffix(" or an expression")
    fits = value in {"true", "false"} if wanted == "true or false" else _NUMBER.fullmatch(value)
    return "write it without quotes" if fits else f"write {wanted}, without quotes"


_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def _either(choices: list[str]) -> str:
    shown = [choice if choice.isdigit() else f'"{choice}"' for choice in choices]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


_BUILDERS: Final[Mapping[str, Callable[[Misfit], Finding]]] = {
    "extra_forbidden": unknown_field,
    "missing": missing_field,
    "literal_error": not_a_choice,
    "union_tag_invalid": no_form,
    "union_tag_not_found": no_form,
    "string_pattern_mismatch": pattern,
    "greater_than_equal": out_of_range,
    "less_than_equal": out_of_range,
    "greater_than": out_of_range,
    "less_than": out_of_range,
    "too_short": length,
    "too_long": length,
    "string_too_short": length,
    "string_too_long": length,
}
