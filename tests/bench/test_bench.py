"""The bench measures what it says it does."""

from __future__ import annotations

import pytest

from tests.bench.beside_moto import run_ours
from tests.bench.critical_path import critical_path, ideal
from tests.bench.drawn import SERIES, mosaic
from tests.bench.figure import Figure
from tests.bench.plain_machines import MACHINES, PlainMachine
from tests.bench.scientific import measured
from translator.compiler import compile_data

TIMES = [1.0, 5.0, 7.0, 2.0, 1.0, 1.0]
CROSSED = {
    "edges": [[0, 2], [0, 3], [1, 3], [2, 4], [3, 5]],
    "runtime": TIMES,
    "series_parallel": False,
    "recursive_barrier": 15.0,
}


def test_the_longest_way_through_a_machine_passes_the_longest_branch() -> None:
    branches = [
        {"StartAt": "B", "States": {"B": {"Type": "Task", "End": True}}},
        {"StartAt": "C", "States": {"C": {"Type": "Task", "End": True}}},
    ]
    machine = {
        "StartAt": "Which",
        "States": {
            "Which": {"Type": "Choice", "Choices": [{"Next": "A"}], "Default": "Both"},
            "A": {"Type": "Task", "Next": "Both", "Catch": [{"Next": "D"}]},
            "Both": {"Type": "Parallel", "Branches": branches, "Next": "D"},
            "D": {"Type": "Pass", "End": True},
        },
    }
    assert critical_path(machine, {"A": 1, "B": 10, "C": 20, "D": 100}) == 121


def test_the_ideal_counts_no_node_below_the_floor() -> None:
    assert ideal([[0, 1], [0, 2], [1, 3], [2, 3]], [0.0, 3.0, 2.0, 1.0], 0.5) == 4.5


def test_a_compiled_graph_is_never_shorter_than_its_ideal() -> None:
    outcome = measured(CROSSED, TIMES, exact=True)
    assert outcome.is_verified
    assert outcome.compiled >= 1


@pytest.mark.parametrize("name", SERIES)
def test_every_series_draws_what_compiles(name: str) -> None:
    definition = SERIES[name](40)
    assert len(definition["nodes"]) >= 40
    assert compile_data(definition).machine["States"]


def test_a_mosaic_has_no_edge_that_leads_back() -> None:
    edges = mosaic(2, 3, 2)
    assert all(source < target for source, target in edges)
    assert {node for edge in edges for node in edge} == set(range(edges[-1][1] + 1))


@pytest.mark.parametrize(
    ("figure", "line"),
    [
        (Figure("a", 1.5, 2), "a: 1.500 (at most 2.000) pass"),
        (Figure("a", 2.0, 2, "below", 1), "a: 2.0 (below 2.0) MISS"),
        (Figure("a", 1.0, 2, "at least", 0, "of 3"), "a: 1 (at least 2) MISS (of 3)"),
        (Figure("a", 1234.0, digits=0), "a: 1,234"),
    ],
)
def test_a_figure_says_whether_it_keeps_to_its_bar(figure: Figure, line: str) -> None:
    assert figure.to_line() == line


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_a_machine_of_the_comparison_ends_with_its_value_after_the_states_it_counts(
    machine: PlainMachine,
) -> None:
    execution = run_ours(machine)
    entered = [event for event in execution.history if event["type"].endswith("StateEntered")]
    assert execution.output == machine.output
    assert len(entered) == machine.states
