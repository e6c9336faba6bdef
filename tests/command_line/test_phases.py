"""compile --time and --print-between: what happens in which phase."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from steploom.phases import FORMS, go_through
from translator.compiler import compile_text

Steploom = Callable[..., Result]


def headings(text: str) -> list[str]:
    return re.findall(r"^==== (.*) ====$", text, re.MULTILINE)


def test_every_form_is_printed_in_the_order_of_the_phases(retrying: Path, steploom: Steploom) -> None:
    result = steploom("compile", retrying, "--print-between")
    assert result.exit_code == 0
    assert headings(result.stdout) == list(FORMS)
    for form in FORMS:
        assert steploom("compile", retrying, "--to", form).stdout in result.stdout


def test_of_a_bad_definition_the_forms_before_the_mistake_are_printed(
    retrying: Path, steploom: Steploom
) -> None:
    """A loop without an end is found by the checks, after the graph stands."""
    text = retrying.read_text().partition("nodes:")[0]
    text += "nodes: [{id: ask, type: delay, parameters: {days: 1}}]\nedges: [{from: ask, to: ask}]\n"
    retrying.write_text(text.replace("path: ask", "path: ask, entry: ask"))
    result = steploom("compile", retrying, "--print-between", "--time")
    assert result.exit_code == 2
    assert "error WF" in result.stderr
    assert headings(result.stdout) == ["definition", "graph"]
    assert "resolve" in result.stderr
    assert "lower" not in result.stderr


def test_times_go_beside_the_result_and_not_into_it(retrying: Path, steploom: Steploom) -> None:
    timed, plain = steploom("compile", retrying, "--time"), steploom("compile", retrying)
    assert timed.stdout == plain.stdout
    told = [re.split(r"\s{2,}", line)[0] for line in timed.stderr.splitlines()]
    assert told == [*(form.work for form in FORMS.values()), "together"]


def test_a_phase_has_the_time_between_two_looks_at_the_clock(retrying: Path) -> None:
    ticks = iter(range(100))
    text = retrying.read_text()
    passed = [phase for _, phase in go_through(lambda: compile_text(text), lambda: float(next(ticks)))]
    assert [phase.seconds for phase in passed] == [1.0] * len(FORMS)


@pytest.mark.parametrize("beside", [["--to", "asl"], ["-o", "folder"]])
def test_all_forms_and_one_of_them_are_not_asked_for_together(
    beside: list[str], retrying: Path, steploom: Steploom
) -> None:
    result = steploom("compile", retrying, "--print-between", *beside)
    assert result.exit_code == 2
    assert "neither --to nor --output" in result.stderr
