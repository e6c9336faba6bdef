"""Large values of runs on this machine: kept in memory, cut down by the functions' own code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import click

from functions.node_task.data import Data
from layers.runtime.errors import RequestError
from layers.runtime.execution_input import cut_trigger
from layers.runtime.json_value import write_json
from layers.runtime.objects import Loading, MemoryObjects, runs_prefix
from layers.runtime.references import hydrated
from translator.json_value import JsonValue

PROJECT = "main"


@dataclass(frozen=True, slots=True)
class ValuesInMemory:
    """Of the runs of one process; `keep` says what of a large `$trigger` the machine reads itself."""

    keep: JsonValue = True
    objects: MemoryObjects = field(default_factory=MemoryObjects)

    def trigger(self, run: str, trigger: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """`$trigger` as it stands in the input of a run; raises click's UsageError for one that cannot be."""
        try:
            cut = cut_trigger(run, PROJECT, trigger, lambda: self.keep)
        except RequestError as error:
            raise click.UsageError(f"{error.problem.detail} {error.problem.hint}") from error
        if cut.key is not None:
            self.objects.put(cut.key, cut.content)
        return cut.trigger

    def output(self, payload: Mapping[str, Any], output: JsonValue) -> JsonValue:
        """A node's output as its Task's answer has it; raises Validation if that is too much."""
        data = Data.of(payload, self.objects)
        return data.inline(data.stored(write_json(output)))

    def whole(self, value: JsonValue) -> JsonValue:
        """A value with all that it refers to."""
        return hydrated(value, Loading(self.objects, runs_prefix(PROJECT)))
