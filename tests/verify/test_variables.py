"""Variables that are read before they are assigned, and inner scopes that assign an outer name."""

from __future__ import annotations

import pytest

from tests.verify.machines import State, catch, choice, parallel, passing, problem, rule, scope, task


def reads(name: str) -> str:
    return f"state {name!r} reads $x, which is not assigned on every way there"


def test_a_variable_that_nothing_assigns_is_found() -> None:
    assert problem(scope(passing("A", Output={"deep": ["{% $x.y %}"]}))) == reads("A")


def test_a_variable_that_only_one_way_assigns_is_found() -> None:
    machine = scope(
        choice("A", [rule("B")], Default="C"),
        passing("B", "C", Assign={"x": 1}),
        passing("C", Output="{% $x %}"),
    )
    assert problem(machine) == reads("C")


def test_a_variable_that_a_rule_assigns_and_the_default_does_not_is_found() -> None:
    machine = scope(choice("A", [rule("B", Assign={"x": 1})], Default="B"), passing("B", Output="{% $x %}"))
    assert problem(machine) == reads("B")


def test_a_variable_that_is_lost_where_the_task_fails_is_found() -> None:
    machine = scope(task("A", "B", Assign={"x": 1}, Catch=[catch("B")]), passing("B", Output="{% $x %}"))
    assert problem(machine) == reads("B")


def test_a_variable_that_a_state_assigns_is_not_there_for_its_own_expressions() -> None:
    assert problem(scope(passing("A", Assign={"x": 1}, Output="{% $x %}"))) == reads("A")


def test_a_variable_that_only_a_later_iteration_has_is_not_there_in_the_first() -> None:
    machine = scope(
        passing("A", "B", Output="{% $x %}"),
        passing("B", "C", Assign={"x": 1}),
        choice("C", [rule("A")], Default="D"),
        passing("D"),
    )
    assert problem(machine) == reads("A")


def test_a_variable_of_a_branch_is_not_there_behind_it() -> None:
    branch = scope(passing("A", Assign={"x": 1}))
    assert problem(scope(parallel("P", branch, following="B"), passing("B", Output="{% $x %}"))) == reads("B")


def test_a_variable_of_one_branch_is_not_there_in_another() -> None:
    branches = scope(passing("A", Assign={"x": 1})), scope(passing("B", Output="{% $x %}"))
    assert problem(scope(parallel("P", *branches))) == reads("B")


def test_a_variable_that_is_assigned_behind_the_fork_is_not_there_in_its_branches() -> None:
    branch = scope(passing("A", Output="{% $x %}"))
    assert problem(scope(parallel("P", branch, following="B"), passing("B", Assign={"x": 1}))) == reads("A")


@pytest.mark.parametrize(
    "state",
    [
        choice("A", [rule("B", "{% $x %}")], Default="B"),
        choice("A", [rule("B", Assign={"y": "{% $x %}"})], Default="B"),
        choice("A", [rule("B")], Default="B", Assign={"y": "{% $x %}"}),
        task("A", "B", Arguments={"Payload": {"Next": "{% $x %}"}}),
        task("A", "B", Catch=[catch("B", Assign={"y": "{% $x %}"})]),
        task("A", "B", Catch=[catch("B", Output="{% $x %}")]),
        ("A", {"Type": "Wait", "Seconds": "{% $x %}", "Next": "B"}),
        parallel("A", scope(passing("C")), following="B", Assign={"y": "{% $x %}"}),
    ],
    ids=[
        "a condition",
        "a rule's Assign",
        "a Choice's Assign",
        "a key called Next",
        "a catcher's Assign",
        "a catcher's Output",
        "Seconds",
        "a Parallel's Assign",
    ],
)
def test_a_variable_is_looked_for_wherever_a_state_evaluates(state: State) -> None:
    assert problem(scope(state, passing("B"))) == reads("A")


OUTER = "the scope of 'B' assigns $x, which an enclosing scope assigns too"


def test_an_inner_scope_that_assigns_an_outer_name_is_found() -> None:
    inner = parallel("P", scope(passing("B", Assign={"x": 2})))
    assert problem(scope(passing("A", "P", Assign={"x": 1}), inner)) == OUTER


def test_it_does_not_matter_that_the_outer_scope_assigns_it_only_later() -> None:
    inner = parallel("P", scope(passing("B", Assign={"x": 2})), following="C")
    assert problem(scope(inner, passing("C", Assign={"x": 1}))) == OUTER


def test_a_parallel_that_assigns_a_name_of_its_own_branch_is_found() -> None:
    assert problem(scope(parallel("P", scope(passing("B", Assign={"x": 2})), Assign={"x": 1}))) == OUTER


def test_a_scope_two_levels_in_is_held_to_the_names_of_the_outermost() -> None:
    inner = scope(parallel("Q", scope(passing("B", Assign={"x": 2}))))
    assert problem(scope(passing("A", "P", Assign={"x": 1}), parallel("P", inner))) == OUTER
