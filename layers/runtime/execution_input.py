"""What an execution is given: `$trigger` whole, or cut down to what its machine reads, and the rest kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from layers.runtime.json_value import JsonObject, JsonValue, NotJsonError, size_in_bytes, write_json
from layers.runtime.objects import object_key
from layers.runtime.problems import not_json, reserved_name, too_large
from layers.runtime.projection import Projection
from layers.runtime.references import RESERVED

WHOLE_BYTES: Final = 64 * 1024
"""Up to here `$trigger` stands in the execution's input as it is."""
INPUT_LIMIT_BYTES: Final = 240 * 1024
"""Below the 262,144 bytes of an execution's input, which is also the first state's (AWS: quotas)."""


@dataclass(frozen=True, slots=True)
class CutTrigger:
    """`$trigger` as an input has it, and the object that it refers to, if it does."""

    trigger: JsonObject
    key: str | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionInput:
    """The text for StartExecution, and the object that it refers to, if it does."""

    text: str
    key: str | None = None
    content: str = ""


def execution_input(
    run: str,
    about: JsonObject,
    trigger: JsonObject,
    keep: Callable[[], JsonValue],
    pins: JsonObject | None = None,
) -> ExecutionInput:
    """The input of a run; `keep` is asked only of a large `$trigger` what of it must stay.

    `pins` is what nodes gave that have ended before a run that goes on from another. Raises RequestError 400
    for what is no JSON or uses the reserved name, 413 if too much of it must stay.
    """
    cut = cut_trigger(run, str(about["project"]), trigger, keep)
    given = {} if pins is None else {"pins": pins}
    text = write_json({"trigger": cut.trigger, "run": about, **given})
    if size_in_bytes(text) > INPUT_LIMIT_BYTES:
        what = "What the workflow reads of the input" if pins is None else "What the run is to go on with"
        raise too_large(what, size_in_bytes(text), INPUT_LIMIT_BYTES, _HINT)
    return ExecutionInput(text, cut.key, cut.content)


def cut_trigger(run: str, project: str, trigger: JsonObject, keep: Callable[[], JsonValue]) -> CutTrigger:
    """`$trigger` without what its machine does not read itself; raises RequestError 400."""
    try:
        whole = write_json(trigger)
    except NotJsonError as error:
        raise not_json(str(error)) from error
    if f'"{RESERVED}"' in whole:
        raise reserved_name(RESERVED)
    size = size_in_bytes(whole)
    if size <= WHOLE_BYTES:
        return CutTrigger(trigger)
    key = object_key(project, f"{run}/trigger", whole)
    cut = Projection(key).of(trigger, _with_names(keep()), size)
    assert isinstance(cut, Mapping)
    return CutTrigger(cut, key, whole)


_HINT: Final = (
    "Send less, or give the transforms that read it `resources: small`: they are then evaluated in a "
    "function, where there is no such limit."
)


def _with_names(keep: JsonValue) -> JsonValue:
    """Which trigger fired is asked by the machine and shown in lists."""
    return {**keep, "id": True, "type": True} if isinstance(keep, Mapping) else _names_and(keep)


def _names_and(keep: JsonValue) -> JsonValue:
    return {"id": True, "type": True} if keep == "reference" else keep
