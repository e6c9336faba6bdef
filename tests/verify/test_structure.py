"""Targets, names, ends and catchers: each fault is found, and what is right is not complained about."""

from __future__ import annotations

import pytest

from tests.verify.machines import Scope, State, catch, choice, parallel, passing, problem, rule, scope, task
from translator.diagnostics import InternalError
from translator.verify import find_problems, verify

RIGHT: dict[str, Scope] = {
    "one state": scope(passing("A")),
    "a chain": scope(passing("A", "B", Assign={"x": 1}), passing("B", Output="{% $x %}")),
    "a choice that assigns": scope(
        choice("A", [rule("B", Assign={"x": 1})], Default="B", Assign={"x": 2}),
        passing("B", Output="{% $x %}"),
    ),
    "a caught error": scope(
        task("A", "B", Assign={"x": 1}, Catch=[catch("B", Assign={"x": "{% $states.errorOutput %}"})]),
        passing("B", Output="{% $x %}"),
    ),
    "a branch that reads from outside": scope(
        passing("A", "P", Assign={"x": 1}),
        parallel("P", scope(passing("B", Output="{% $x %}")), scope(passing("C", Assign={"y": 1}))),
    ),
    "branches that assign one name": scope(
        parallel("P", scope(passing("B", Assign={"y": 1})), scope(passing("C", Assign={"y": 1}))),
    ),
    "a loop with a way out": scope(
        passing("A", "B", Assign={"x": 1}),
        choice("B", [rule("A", "{% $x < 3 %}")], Default="C"),
        passing("C"),
    ),
    "an end by failure": scope(("A", {"Type": "Fail", "Error": "E", "Cause": "c"})),
    "names that look like expressions": scope(passing("A", "{% $x %}"), passing("{% $x %}")),
    "a name that an expression binds itself": scope(passing("A", Output="{% ($x := 1; $x) %}")),
}


@pytest.mark.parametrize("machine", RIGHT.values(), ids=RIGHT.keys())
def test_a_machine_without_a_fault_passes(machine: Scope) -> None:
    assert list(find_problems(machine)) == []
    verify(machine)


def test_a_start_that_is_no_state_is_found() -> None:
    assert problem(scope(passing("A"), start="B")) == "StartAt 'B' is no state"


@pytest.mark.parametrize(
    "state",
    [
        passing("A", "Gone"),
        choice("A", [rule("Gone")], Default="B"),
        choice("A", [rule("B")], Default="Gone"),
        task("A", "B", Catch=[catch("Gone")]),
    ],
    ids=["Next", "Choices", "Default", "Catch"],
)
def test_a_target_that_is_no_state_is_found(state: State) -> None:
    assert "'A' leads to 'Gone', which is no state of its scope" in find_problems(scope(state, passing("B")))


def test_a_target_in_another_scope_is_found() -> None:
    machine = scope(parallel("P", scope(passing("A", "Z")), following="Z"), passing("Z"))
    assert "'A' leads to 'Z', which is no state of its scope" in find_problems(machine)


def test_a_state_that_nothing_leads_to_is_found() -> None:
    assert problem(scope(passing("A"), passing("B"))) == "state 'B' is never reached"


def test_a_state_of_a_branch_that_nothing_leads_to_is_found() -> None:
    assert problem(scope(parallel("P", scope(passing("A"), passing("B"))))) == "state 'B' is never reached"


def test_a_scope_that_never_ends_is_found() -> None:
    assert problem(scope(passing("A", "B"), passing("B", "A"))) == "the scope of 'A' never ends"


def test_a_branch_that_never_ends_is_found() -> None:
    assert problem(scope(parallel("P", scope(passing("A", "A"))))) == "the scope of 'A' never ends"


def test_a_name_that_two_scopes_use_is_found() -> None:
    machine = scope(parallel("P", scope(passing("A")), scope(passing("A"))))
    assert problem(machine) == "state name 'A' is used 2 times"


def test_a_name_that_is_too_long_is_found() -> None:
    name = "A" * 81
    assert problem(scope(passing(name))) == f"state name {name!r} has more than 80 characters"
    assert list(find_problems(scope(passing("A" * 80)))) == []


@pytest.mark.parametrize("error", ["States.ALL", "States.TaskFailed"])
def test_a_catcher_of_everything_is_found(error: str) -> None:
    machine = scope(task("A", Catch=[catch("B", error)]), passing("B"))
    assert problem(machine) == f"'A' takes {error}, which is also what begins with Steploom."


@pytest.mark.parametrize("error", ["States.ALL", "States.TaskFailed"])
def test_a_retrier_of_everything_is_found_inside_a_branch_too(error: str) -> None:
    machine = scope(parallel("P", scope(task("A", Retry=[{"ErrorEquals": ["Timeout", error]}]))))
    assert problem(machine) == f"'A' takes {error}, which is also what begins with Steploom."


def test_a_choice_without_a_default_is_found() -> None:
    assert problem(scope(choice("A", [rule("B")]), passing("B"))) == "Choice 'A' may lead nowhere"


def test_a_choice_without_rules_is_found() -> None:
    assert problem(scope(choice("A", [], Default="B"), passing("B"))) == "Choice 'A' may lead nowhere"


def test_all_faults_of_a_machine_come_in_one_error_that_asks_to_be_reported() -> None:
    machine = scope(passing("A"), passing("B"), task("C", Catch=[catch("A", "States.ALL")]))
    with pytest.raises(InternalError, match=r"'B' is never reached.*'C' is never.*States\.ALL.*report it"):
        verify(machine)


def test_an_expression_that_jsonata_does_not_read_is_found() -> None:
    # JSONata finds the end of a regular expression by counting brackets; one behind a backslash counts not.
    machine = scope(passing("A", Output='{% $match("a", /[^"\\\\]/) %}'))
    assert "'A' holds an expression that is none" in problem(machine)
    assert list(find_problems(scope(passing("A", Output='{% $match("a", /[^\\\\"]/) %}')))) == []
