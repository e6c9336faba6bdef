"""What a run of another workflow is given: held to what that workflow asks of it, and kept if it is large."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from functions.node_task.data import Data
from layers.runtime.errors import RequestError
from layers.runtime.execution_input import WHOLE_BYTES, cut_trigger
from layers.runtime.input_schema import MOST_TOLD, violations
from layers.runtime.json_value import JsonObject, JsonValue, size_in_bytes, write_json
from translator.error_classes import Validation

MOST_GIVEN_BYTES: Final = 120 * 1024
"""Of `$trigger` as it is given: the service answers a run that has ended with its input and its output."""


@dataclass(frozen=True, slots=True)
class OtherWorkflow:
    """What the active version of a workflow asks of its runs."""

    input_schema: JsonObject | None
    trigger_keep: JsonValue
    """What of a large `$trigger` its machine reads itself."""
    is_express: bool = False


FindWorkflow: TypeAlias = Callable[[str], OtherWorkflow | None]
"""By id; None for a workflow that has no active version here."""


def no_workflow(workflow: str) -> None:
    """Where no other workflow is known."""
    del workflow


def prepare_start(payload: Mapping[str, Any], data: Data, find: FindWorkflow) -> dict[str, JsonValue]:
    """`$trigger` of the run to be started, as the output.

    Raises Validation for an Express workflow, with every place of the body that does not fit, and for a
    large one of which the other workflow reads too much, or of which nobody knows what it reads; System.
    """
    start = payload["start"]
    workflow = str(start["workflow"])
    parameters = data.whole(payload.get("parameters") or {})
    assert isinstance(parameters, Mapping)
    body = parameters.get("body")
    other = find(workflow)
    if other is not None and other.is_express:
        raise Validation(
            f'workflow "{workflow}" is an Express workflow, which node "{data.node}" cannot run. Give that '
            "workflow `settings: {type: standard}`, or call a webhook of it with `answer: result`"
        )
    if other is not None and other.input_schema is not None:
        _refuse_unfit(workflow, violations(other.input_schema, body))
    trigger: JsonObject = {
        "id": str(start["trigger"]),
        "type": "workflow",
        "body": body,
        "run": str(payload["run"]),
        "node": data.node,
    }
    return {"output": _cut(workflow, trigger, other, data)}


def _cut(workflow: str, trigger: JsonObject, other: OtherWorkflow | None, data: Data) -> JsonValue:
    def keep() -> JsonValue:
        if other is None:
            raise Validation(
                f'what node "{data.node}" gives to workflow "{workflow}" has more than {WHOLE_BYTES:,} '
                "bytes, and that workflow has no active version that tells what it reads of it. Activate it"
            )
        return {**_tree(other.trigger_keep), "run": True, "node": True}

    try:
        cut = cut_trigger(data.node_key, data.project, trigger, keep)
    except RequestError as error:
        raise Validation(f"{error.problem.detail} {error.problem.hint}") from error
    if cut.key is None:
        return cut.trigger
    data.put(cut.key, cut.content)
    size = size_in_bytes(write_json(cut.trigger))
    if size > MOST_GIVEN_BYTES:
        raise Validation(
            f'workflow "{workflow}" reads {size:,} bytes of what node "{data.node}" gives it, and a run can '
            f"be given {MOST_GIVEN_BYTES:,}. Give its transforms that read so much `resources: small`, so "
            "that they are evaluated in a function, where there is no such limit"
        )
    return cut.trigger


def _tree(keep: JsonValue) -> JsonObject:
    """As a tree of fields: all of it is all of the body."""
    if isinstance(keep, Mapping):
        return keep
    return {"body": keep}


def _refuse_unfit(workflow: str, found: Sequence[JsonObject]) -> None:
    if not found:
        return
    places = [f"{one['pointer'] or 'the body'}: {one['message']}" for one in found[:MOST_TOLD]]
    more = f" (and {len(found) - MOST_TOLD} more)" if len(found) > MOST_TOLD else ""
    raise Validation(f'the body does not fit the input of workflow "{workflow}": {"; ".join(places)}{more}')
