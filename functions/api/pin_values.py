"""What pinned nodes gave, cut down to what the machine reads that goes on with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.api.past_runs import PastRun
from functions.api.services import Services
from layers.runtime.json_value import JsonObject, JsonValue, size_in_bytes, write_json
from layers.runtime.objects import Loading, Objects, ObjectsError, object_key, runs_prefix
from layers.runtime.problems import reserved_name
from layers.runtime.projection import Projection
from layers.runtime.references import RESERVED, BrokenReferenceError, has_reference, hydrated
from layers.runtime.run_control_problems import run_data_gone

WHOLE_BYTES: Final = 8 * 1024
"""Up to here a value stands in the input as it is, as several stand beside each other in its 256 KiB."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Whoever knows what pinned nodes gave."""

    run: str
    place: str
    """What the keys of its large values begin with."""
    output: Callable[[str], JsonValue]


def giver_of(past: PastRun) -> Giver:
    """An earlier run."""
    return Giver(past.run.id, past.root, past.output)


def pin_values(
    services: Services, giver: Giver, made: Mapping[str, Any], given: Mapping[str, JsonObject]
) -> JsonObject:
    """By node what the execution's input has to hold of it; large values are kept as objects.

    `made` is what functions.activate answered. Raises RequestError 400 and 410.
    """
    starter = services.starter
    cutting = _Cutting(starter.objects, starter.store.project, giver)
    values: dict[str, JsonValue] = dict(made["failures"])
    for node, end in made["pins"].items():
        if end["status"] != "succeeded":
            continue
        if node in given:
            _refuse_reserved(given[node]["output"])
            output = given[node]["output"]
        else:
            output = {"port": end["port"]} if "port" in end else giver.output(node)
        values[node] = cutting.cut(node, output, made["pins_keep"].get(node, True))
    return values


def _refuse_reserved(value: JsonValue) -> None:
    if f'"{RESERVED}"' in write_json(value):
        raise reserved_name(RESERVED)


class _Cutting:
    """Values of one run on their way into the input of another."""

    def __init__(self, objects: Objects, project: str, giver: Giver) -> None:
        self._objects = objects
        self._project = project
        self._giver = giver
        self._loading = Loading(objects, runs_prefix(project))

    def cut(self, node: str, output: JsonValue, keep: JsonValue) -> JsonValue:
        """The value as it travels: references that the earlier machine left may lack what this one reads."""
        if keep == "reference" and isinstance(output, Mapping) and set(output) == {RESERVED}:
            return output
        whole = self._whole(node, output) if has_reference(output) else output
        text = write_json(whole)
        size = size_in_bytes(text)
        if size <= WHOLE_BYTES:
            return whole
        key = object_key(self._project, f"{self._giver.place}/pins/{node}", text)
        cut = Projection(key).of(whole, keep, size)
        if has_reference(cut):
            self._objects.put(key, text)
        return cut

    def _whole(self, node: str, output: JsonValue) -> JsonValue:
        try:
            return hydrated(output, self._loading)
        except (BrokenReferenceError, ObjectsError) as error:
            reason = f"the output of node '{node}' cannot be read: {error}"
            raise run_data_gone(self._giver.run, reason) from error
