"""The items and results of a `for_each` whose iterations are executions of their own, as objects."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

from functions.node_task.data import Data
from functions.node_task.evaluation import evaluate
from layers.runtime.json_value import JsonObject, JsonValue, read_json, size_in_bytes, write_json
from layers.runtime.references import RESERVED
from translator.error_classes import Validation, named_error
from translator.expressions.evaluating import ExpressionFailedError, evaluated

MEMORY_MB: Final = 512
"""What the function has where its environment does not say (infra/topology.py)."""
_SHARE: Final = 0.75
"""Of the memory that results may take; the rest is the interpreter's own."""
_COPIES: Final = 3
"""Measured: what is read, what is written and its bytes are in memory at once."""
_OVERHEAD_BYTES: Final = 1_000
"""Measured: what the values of one small result take besides."""
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
    answer: dict[str, JsonValue] = {"output": data.answered(output)}
    if "variables" in form:
        given = [entry["given"] for entry in entries if "item" in entry]
        answer["variables"] = _variables(form["variables"], parameters["before"], given, data.node)
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
    results: int = 0
    size: int = 0
    memory_mb: int = field(
        default_factory=lambda: int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MEMORY_MB))
    )

    def succeeded(self, key: str) -> Iterator[dict[str, Any]]:
        for value in self._values(key):
            # An execution that took several items gives a list.
            for given in value if isinstance(value, list) else [value]:
                self.results += 1
                yield _entry(given)

    def failed(self, key: str) -> Iterator[dict[str, Any]]:
        """The service describes an execution that failed, its input as text (AWS: ResultWriter)."""
        for described in self._values(key):
            assert isinstance(described, Mapping)
            given: Any = read_json(str(described["Input"]))
            index, error = given["index"], described.get("Error", "Unknown")
            yield {"index": index, "failed": {"error": error, "index": index}}

    def _values(self, key: str) -> Iterator[JsonValue]:
        for line in _lines(self.data.text_of(key)):
            value = read_json(line)
            self.size += len(line)
            if f'"{RESERVED}"' in line:
                value = self.data.whole(value)
                self.size += size_in_bytes(write_json(value))
            self._refuse_too_much()
            yield value

    def _refuse_too_much(self) -> None:
        needed = self.size * _COPIES + self.results * _OVERHEAD_BYTES
        if needed > self.memory_mb * 1024 * 1024 * _SHARE:
            raise Validation(
                f'the iterations of node "{self.data.node}" give more than can be gathered: {self.results:,} '
                f"results have {self.size:,} bytes so far, and the function has {self.memory_mb:,} MB of "
                "memory. Let the node's `output` give less of each, or give it `resources: large`"
            )


def _lines(text: str) -> Iterator[str]:
    """The lines that are not empty, one at a time."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end > start:
            yield text[start:end]
        start = end + 1


def _entry(given: JsonValue) -> dict[str, Any]:
    assert isinstance(given, Mapping)
    inner: Any = given.get("result__", given)
    index = inner["failed"]["index"] if "failed" in inner else inner["index"]
    # Beside its result an iteration gives variables, which may have any name.
    return {**inner, "index": index, "given": given if "result__" in given else {}}


def _refuse_failures(form: Mapping[str, Any], failed: int, every: int) -> None:
    most, share = form.get("most_failed"), form.get("most_failed_percentage")
    too_many = most is not None and failed > most
    if too_many or (share is not None and failed * 100 > share * every):
        raise named_error("TooManyFailed", f'more iterations of "{form["name"]}" failed than are tolerated')


def _variables(
    expressions: Mapping[str, str], before: JsonObject, given: Sequence[JsonValue], node: str
) -> JsonObject:
    """What each variable is behind the iterations; the expressions are those of a Map inside a run."""
    found: dict[str, JsonValue] = {}
    for name, source in expressions.items():
        try:
            value = evaluated(source, {**before, "states": {"result": given}})
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
