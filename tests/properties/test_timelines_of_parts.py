"""The timeline of a run that was split, by size or by events, is that of the whole run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random

import pytest

from layers.runtime.joining import ExecutionHistory, joined_events
from layers.runtime.json_value import JsonValue
from layers.runtime.timeline import NodeRun, build_timeline, skipped_nodes
from tests.properties.cases import Case
from tests.properties.definitions import generate
from tests.properties.parting import Parted, without_place
from tests.properties.share import cases
from tests.properties.sorts import SORTS
from translator.compiler import Compilation, CompileOptions, compile_text

CASES = cases(20, ordinary=50)
SMALL, FEW = 20_000, 300
KINDS = [
    *(("events", sort) for sort in ("cyclic", "handled", "racing loop", "bodied", "nested")),
    *(("bytes", sort) for sort in ("acyclic", "cyclic", "handled", "racing", "bodied")),
]
EACH = -(-CASES // len(KINDS))


def options(case: Case, kind: str) -> CompileOptions:
    if kind == "bytes":
        return CompileOptions(most_bytes=SMALL)
    return CompileOptions(most_events=FEW, counts={node["id"]: 10 for node in case.definition["nodes"]})


def told(runs: Iterable[NodeRun]) -> Counter[str]:
    """All that is told of nodes, the order aside: of what begins at one instant either may be first."""
    return Counter(without_place(json.dumps(_certain(run), sort_keys=True)) for run in runs)


def _certain(run: NodeRun) -> Mapping[str, JsonValue]:
    """Why a condition failed inside a branch is told only where the branch is an execution of its own."""
    is_open = run.type == "condition" and run.status == "failed"
    return {**run.to_json(), **({"error": None, "cause": None} if is_open else {})}


def timeline(one: Parted, compilation: Compilation) -> tuple[NodeRun, ...]:
    (arn,) = (arn for arn in one.histories if ":main-drawn:" in arn)
    whole = one.whole_history(arn)
    return build_timeline(joined_events(whole), compilation.source_map.to_json())


@pytest.mark.parametrize(("kind", "sort"), KINDS)
def test_the_timeline_of_a_split_run_is_that_of_the_whole_run(kind: str, sort: str) -> None:
    features = replace(SORTS[sort], nodes=50 if kind == "bytes" else SORTS[sort].nodes)
    for seed in range(EACH):
        case = generate(Random(f"timeline {kind} {sort} {seed}"), features)
        text = json.dumps(case.definition)
        whole, split = compile_text(text), compile_text(text, options=options(case, kind))
        found = {one.code for one in split.diagnostics}
        if not {"WF502", "WF571"} & found or {"WF310", "WF501", "WF570"} & found:
            continue
        one, several = Parted(case, {}), Parted(case, split.parts)
        one.run(whole.machine, {})
        several.run(split.machine, {})
        if one.was_cut or several.was_cut or not several.parts_run:
            continue
        expected, runs = timeline(one, whole), timeline(several, split)
        assert told(runs) == told(expected), f"{sort} {seed}\n{case.to_yaml()}"
        assert [run.started_at for run in runs] == sorted(run.started_at for run in runs)
        maps = whole.source_map.to_json(), split.source_map.to_json()
        assert set(skipped_nodes(runs, maps[1])) == set(skipped_nodes(expected, maps[0]))


def test_a_history_without_others_is_left_as_it_is() -> None:
    events = [{"id": 1, "type": "ExecutionStarted", "previousEventId": 0}]
    assert joined_events(ExecutionHistory(events)) is events
