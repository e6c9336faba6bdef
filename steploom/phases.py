"""The phases of a compilation in their order, each timed and printed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from translator.compiler import Compilation
from translator.emit import emit, to_text


@dataclass(frozen=True, slots=True)
class Form:
    """What stands after a phase: `work` names what was done since the form before it."""

    suffix: str
    work: str
    ask: Callable[[Compilation], object]
    """Does the work, unless it was done before; raises DiagnosticsError."""
    text: Callable[[Compilation], str]


@dataclass(frozen=True, slots=True)
class Passed:
    """A phase that was gone through, and how long it took."""

    name: str
    form: Form
    seconds: float


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _definition(compilation: Compilation) -> str:
    return _json(compilation.definition.model_dump(mode="json", by_alias=True, exclude_unset=True))


FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "definition": Form(".definition.json", "read", lambda one: one.definition, _definition),
        "graph": Form(".graph.txt", "resolve", lambda one: one.graph, lambda one: one.graph.to_text()),
        "regions": Form(
            ".regions.txt", "check, structure", lambda one: one.regions, lambda one: one.regions.to_text()
        ),
        "lowered": Form(
            ".lowered.json",
            "lower",
            lambda one: one.lowered,
            lambda one: to_text(emit(one.lowered.machine)),
        ),
        "legalized": Form(
            ".legalized.json",
            "optimize, legalize",
            lambda one: one.typed_machine,
            lambda one: to_text(emit(one.typed_machine)),
        ),
        "asl": Form(".asl.json", "emit, verify", lambda one: one.asl_text, lambda one: one.asl_text),
        "source-map": Form(
            ".source-map.json",
            "map",
            lambda one: one.source_map,
            lambda one: json.dumps(one.source_map.to_json(), indent=2),
        ),
        "manifest": Form(
            ".manifest.json",
            "list needs",
            lambda one: one.manifest,
            lambda one: json.dumps(one.manifest.to_json(), indent=2),
        ),
        "forecast": Form(
            ".forecast.txt", "forecast", lambda one: one.forecast, lambda one: one.forecast.to_text()
        ),
    }
)
"""By what `compile --to` calls them."""


def go_through(
    start: Callable[[], Compilation], clock: Callable[[], float] = time.perf_counter
) -> Iterator[tuple[Compilation, Passed]]:
    """Gives each phase as soon as it is done; raises DiagnosticsError at the one that fails."""
    began = clock()
    compilation = start()
    for name, form in FORMS.items():
        form.ask(compilation)
        yield compilation, Passed(name, form, clock() - began)
        began = clock()
