"""The forecast's figures are what the interpreter counts, on random definitions and runs."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.properties.cases import Case
from tests.properties.definitions import ACYCLIC, CYCLIC, HANDLED, SEQUENTIAL, generate
from tests.properties.machine import compiled, executed
from tests.properties.share import cases
from tests.properties.went import Went
from translator.compiler import Compilation
from translator.forecast.passage import figures_of

CASES = cases(5)
BATCH = 25
SORTS = {
    "sequential": SEQUENTIAL,
    "small": replace(ACYCLIC, nodes=8, failures=0.6),
    "loop": replace(CYCLIC, nodes=10),
    "handled": replace(HANDLED, nodes=15, retries=0.3),
}
EACH = -(-CASES // (BATCH * len(SORTS)))
BATCHES = [(sort, number * BATCH) for sort in SORTS for number in range(EACH)]


def drawn(sort: str, seed: int) -> Case:
    return generate(Random(f"forecast {sort} {seed}"), SORTS[sort])


def ran(sort: str, seed: int) -> tuple[Compilation, Went] | None:
    """The compiled case and how it went; None if it is refused."""
    case = drawn(sort, seed)
    compilation = compiled(case)
    if any(one.code == "WF310" for one in compilation.diagnostics):
        return None
    return compilation, Went(executed(case, compilation).history, compilation.typed_machine.states)


@pytest.mark.parametrize(("sort", "first"), BATCHES)
def test_the_formula_gives_exactly_what_a_run_counts(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        found = ran(sort, seed)
        if found is not None:
            compilation, went = found
            states = compilation.typed_machine.states
            assert figures_of(states, went.ways) == went.figures, drawn(sort, seed).to_yaml()


@pytest.mark.parametrize(("sort", "first"), BATCHES)
def test_a_run_counts_no_more_than_the_most_and_no_less_than_the_least(sort: str, first: int) -> None:
    for seed in range(first, first + BATCH):
        found = ran(sort, seed)
        if found is None:
            continue
        compilation, went = found
        forecast = compilation.forecast
        repeats = {name: went.repeats(cycle) for name, cycle in forecast.measured.cycles.items()}
        most = forecast.given({name: max(each, default=0) for name, each in repeats.items()})
        least = forecast.given({name: min(each, default=0) for name, each in repeats.items()})
        for figure, counted, of_a_retry in (
            ("transitions", went.figures.transitions, 1),
            ("lambda_calls", went.figures.lambda_calls, 1),
            ("history_events", went.figures.history_events, 3),
        ):
            told = f"{sort} {seed}: {figure}\n{drawn(sort, seed).to_yaml()}"
            assert counted <= most.most(figure) + of_a_retry * went.retries, told
            assert went.has_failures or counted >= least.least(figure), told


@pytest.mark.parametrize("sort", SORTS)
def test_where_only_one_way_leads_the_least_and_the_most_are_what_a_run_counts(sort: str) -> None:
    met = 0
    for seed in range(40):
        found = ran(sort, seed)
        if found is None or found[0].forecast.has_loops or found[1].has_failures:
            continue
        compilation, went = found
        forecast = compilation.forecast
        if forecast.least("history_events") == forecast.most("history_events"):
            met += 1
            assert went.figures.history_events == forecast.most("history_events") + 3 * went.retries
    assert met > 0 or sort == "loop"
