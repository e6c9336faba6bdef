"""Formulas add up, keep what the counts decide, and read as people write them."""

from __future__ import annotations

import pytest

from translator.forecast.formula import Formula, constant, only

LOOP = Formula({(): 12, ("review",): 5})
OTHER = Formula({(): 20, ("review",): 3})


def test_a_formula_reads_as_a_sum() -> None:
    formula = Formula({("a", "b"): 2, (): 1_200, ("a",): 7, ("b",): 0})
    assert formula.to_text() == "1,200 + 7·a + 2·a·b"
    assert Formula({(): 1, ("a",): 1}).to_text() == "1 + a"
    assert Formula().to_text() == "0"


def test_what_repeats_is_multiplied_with_its_count() -> None:
    formula = (LOOP + constant(3)).times("order")
    assert formula.to_text() == "15·order + 5·order·review"
    assert formula.at({"order": 2, "review": 10}) == 130


def test_of_two_ways_the_counts_decide_which_takes_the_most() -> None:
    most = only(LOOP, is_most=True).either(only(OTHER, is_most=True))
    assert most.to_text() == "max(12 + 5·review, 20 + 3·review)"
    assert [most.at({"review": count}) for count in (0, 4, 10)] == [20, 32, 62]


def test_a_way_that_never_takes_the_most_is_forgotten() -> None:
    most = only(LOOP, is_most=True).either(only(constant(12), is_most=True))
    assert most.to_text() == "12 + 5·review"
    least = only(LOOP, is_most=False).either(only(constant(12), is_most=False))
    assert least.to_text() == "12"


@pytest.mark.parametrize("is_most", [True, False])
def test_of_too_many_ways_one_beyond_all_is_kept(is_most: bool) -> None:
    ways = [Formula({(): number, ("n",): 20 - number}) for number in range(1, 20)]
    extreme = only(ways[0], is_most=is_most)
    for way in ways[1:]:
        extreme = extreme.either(only(way, is_most=is_most))
    for count in (0, 1, 5):
        values = [way.at({"n": count}) for way in ways]
        at = extreme.at({"n": count})
        assert at >= max(values) if is_most else at <= min(values)
