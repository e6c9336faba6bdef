"""The items and results of a `for_each` whose iterations are executions of their own, as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from functions.node_task.data import Data
from functions.node_task.evaluation import ExpressionFailedError, evaluate, evaluated
from layers.runtime.json_value import JsonObject, JsonValue, read_json, size_in_bytes, write_json
from layers.runtime.references import RESERVED
from translator.error_classes import Validation, named_error

MOST_GATHERED_BYTES: Final = 100 * 1024 * 1024
"""Of all results of a `for_each` together: the function has them in memory as text and as values at once."""
MOST_VARIABLES_BYTES: Final = 200 * 1024
"""Of what iterations give to variables: a state holds it with all else that travels there."""


def keep_items(payload: Mapping[str, Any], data: Data) -> dict[str, JsonValue]:
    """Evaluates the items and keeps them as an array; gives its key as the output.

    Null is no item, and what is no array one. A large item is an object of its own, of which the array has
    what expressions inside the body read. Raises Validation and System.
    """
    plan = payload["items"]
    found = evaluate(data.node, plan["evaluate"], _parameters(payload, data))
    items = [] if found is None else found if isinstance(found, list) else [found]
    kept = [data.part(f"item {index}", item, plan["keep"]) for index, item in enumerate(items)]
    return {"output": data.kept("items", write_json(kept))}


def gather(payload: Mapping[str, Any], data: Data) -> dict[str, JsonValue]:
    """The output of the node, of what its executions have written; a large one by reference.

    With `variables`, what they give to each. Raises Validation, System and TooManyFailed.
    """
    form = payload["gather"]
    parameters = _parameters(payload, data)
    entries = sorted(_entries(str(parameters["manifest"]), data), key=itemgetter("index"))
    output: JsonValue = [entry["item"][0] for entry in entries if "item" in entry]
    if form.get("tolerates"):
        failed: list[JsonValue] = [entry["failed"] for entry in entries if "failed" in entry]
        _refuse_failures(form, len(failed), len(entries))
        output = {"items": output, "failed": failed}
    answer: dict[str, JsonValue] = {"output": data.inline(data.stored(write_json(output)))}
    if "variables" in form:
        answer["variables"] = _variables(form["variables"], parameters["before"], entries, data.node)
    return answer


def _parameters(payload: Mapping[str, Any], data: Data) -> Mapping[str, Any]:
    whole = data.whole(payload.get("parameters") or {})
    assert isinstance(whole, Mapping)
    return whole


def _entries(manifest: str, data: Data) -> Iterator[dict[str, Any]]:
    """What each iteration ended with, in no order: `index`, and `item` with its result or `failed`."""
    reading = _Reading(data)
    # AWS: ResultWriter, the manifest lists the files by how the executions ended.
    files = read_json(data.text_of(manifest))
    assert isinstance(files, Mapping)
    by_status: Any = files["ResultFiles"]
    for file in by_status.get("SUCCEEDED", ()):
        yield from reading.succeeded(str(file["Key"]))
    for file in by_status.get("FAILED", ()):
        yield from reading.failed(str(file["Key"]))


@dataclass(slots=True)
class _Reading:
    """Reads result files as far as there is room for their values."""

    data: Data
    left: int = MOST_GATHERED_BYTES

    def succeeded(self, key: str) -> Iterator[dict[str, Any]]:
        for value in self._values(key):
            # An execution that took several items gives a list.
            for given in value if isinstance(value, list) else [value]:
                yield _entry(given)

    def failed(self, key: str) -> Iterator[dict[str, Any]]:
        """The service describes an execution that failed, its input as text (AWS: ResultWriter)."""
        for described in self._values(key):
            assert isinstance(described, Mapping)
            given: Any = read_json(str(described["Input"]))
            index, error = given["index"], described.get("Error", "Unknown")
            yield {"index": index, "failed": {"error": error, "index": index}}

    def _values(self, key: str) -> Iterator[JsonValue]:
        for line in self.data.text_of(key).split("\n"):
            if not line:
                continue
            value = read_json(line)
            size = len(line)
            if f'"{RESERVED}"' in line:
                value = self.data.whole(value)
                size = size_in_bytes(write_json(value))
            self._take(size)
            yield value

    def _take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Validation(
                f'the iterations of node "{self.data.node}" give more than {MOST_GATHERED_BYTES:,} bytes '
                "together. Let its `output` give less of each: where the rest is, or what comes out of it"
            )


def _entry(given: JsonValue) -> dict[str, Any]:
    assert isinstance(given, Mapping)
    inner: Any = given.get("result__", given)
    index = inner["failed"]["index"] if "failed" in inner else inner["index"]
    return {**given, **inner, "index": index}


def _refuse_failures(form: Mapping[str, Any], failed: int, every: int) -> None:
    most, share = form.get("most_failed"), form.get("most_failed_percentage")
    too_many = most is not None and failed > most
    if too_many or (share is not None and failed * 100 > share * every):
        raise named_error("TooManyFailed", f'more iterations of "{form["name"]}" failed than are tolerated')


def _variables(
    expressions: Mapping[str, str], before: JsonObject, entries: Sequence[JsonValue], node: str
) -> JsonObject:
    """What each variable is behind the iterations; the expressions are those of a Map inside a run."""
    found: dict[str, JsonValue] = {}
    for name, source in expressions.items():
        try:
            value = evaluated(source, {**before, "states": {"result": entries}})
        except ExpressionFailedError as error:
            raise Validation(f'variable "{name}" behind node "{node}" has no value: {error}') from error
        found[name] = None if value is None else value[0]
    size = size_in_bytes(write_json(found))
    if size > MOST_VARIABLES_BYTES:
        names = ", ".join(f'"{name}"' for name in found)
        raise Validation(
            f'what the iterations of node "{node}" give to {names} has {size:,} bytes, and a state machine '
            f"can hold {MOST_VARIABLES_BYTES:,}. Let the node's `output` give it, which may be of any size"
        )
    return found
