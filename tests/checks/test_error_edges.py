"""Error edges that are never taken, and errors under names that nothing has."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Check
from translator.diagnostics import Severity

NODES = """\
nodes:
  - {id: call, type: http_request, parameters: {url: "https://example.com"}}
  - {id: one, type: transform, parameters: {output: 1}}
  - {id: two, type: transform, parameters: {output: 2}}
edges:
"""


def edges(*errors: str) -> str:
    targets = ("one", "two")
    lines = [
        f"  - {{from: call, port: error{listed}, to: {target}}}\n"
        for listed, target in zip(errors, targets, strict=True)
    ]
    return NODES + "".join(lines)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("", ""),
        ("", ', errors: ["*"]'),
        (", errors: [Timeout]", ", errors: [Timeout]"),
        (", errors: [Network, Timeout]", ", errors: [Timeout]"),
        (", errors: [Timeout]", ", errors: [Timeout, States.Timeout]"),
        (', errors: ["*", Timeout]', ', errors: ["*"]'),
    ],
)
def test_an_error_edge_behind_one_that_takes_all_of_its_errors_is_warned_about(
    check: Check, first: str, second: str
) -> None:
    (found,) = check(edges(first, second))
    assert (found.code, found.severity) == ("WF337", Severity.WARNING)
    assert "is never taken" in found.message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (", errors: [Timeout]", ""),
        (", errors: [Timeout]", ", errors: [Network]"),
        (", errors: [Timeout]", ", errors: [Timeout, Network]"),
        (", errors: [Mine]", ", errors: [Yours]"),
    ],
)
def test_error_edges_that_each_take_something_are_fine(check: Check, first: str, second: str) -> None:
    assert check(edges(first, second)) == []


def test_the_message_names_the_edge_and_what_takes_its_errors(check: Check) -> None:
    (found,) = check(edges(", errors: [Timeout]", ", errors: [Timeout]"))
    assert found.message == (
        'the error edge "call" → "two" is never taken: what leads to "one" takes "Timeout"'
    )
    assert (found.position.line, found.position.column) == (8, 5)


def test_an_edge_whose_errors_two_others_share_is_never_taken(check: Check) -> None:
    text = edges(", errors: [Network]", ", errors: [Timeout]")
    third = "  - {from: call, port: error, errors: [Timeout, Network], to: one}\n"
    (found,) = check(text + third)
    assert 'what leads to "one" and "two" take "Timeout", "Network"' in found.message


@pytest.mark.parametrize(
    ("written", "meant"),
    [("timeout", "Timeout"), ("NetworkError", "Network"), ("Permision", "Permission"), ("SYSTEM", "System")],
)
def test_a_name_almost_like_a_class_is_warned_about(check: Check, written: str, meant: str) -> None:
    (found,) = check(edges(f", errors: [{written}]", ""))
    assert (found.code, found.severity) == ("WF335", Severity.WARNING)
    assert f'"{written}"' in found.message
    assert f'did you mean "{meant}"?' in found.hint
    assert (found.position.line, found.position.column) == (7, 40)


def test_a_misspelt_class_is_found_in_a_retry_policy_too(check: Check) -> None:
    policy = "retry_policy: [{errors: [Timeot]}]"
    (found,) = check(NODES.replace("http_request,", f"http_request, {policy},").replace("edges:", ""))
    assert found.message == 'the retry policy of node "call" lists "Timeot", which is no class of errors'


@pytest.mark.parametrize("name", ["PaymentRefused", "NoMatch", "States.Timeout", "OutOfStock"])
def test_a_name_of_ones_own_is_fine(check: Check, name: str) -> None:
    assert check(edges(f", errors: [{name}]", "")) == []


@pytest.mark.parametrize("name", ["States.ALL", "States.TaskFailed", "Steploom.Terminated", "{% $x %}"])
def test_a_name_that_no_error_can_have_is_refused(check: Check, name: str) -> None:
    (found,) = check(edges(f', errors: ["{name}"]', ""))
    assert (found.code, found.severity) == ("WF336", Severity.ERROR)
    assert f'"{name}"' in found.message


HANDLED = """\
nodes:
  - {id: call, type: http_request, parameters: {url: "https://example.com"}}
  - {id: one, type: transform, parameters: {output: 1}}
  - {id: two, type: transform, parameters: {output: 2}}
triggers: [{id: by_hand, type: manual, entry: call}]
error_handlers:
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [('["*"]', "[Timeout]"), ('["*"]', '["*"]'), ("[Timeout]", "[Timeout]"), ("[Timeout, X]", "[X]")],
)
def test_a_handler_behind_one_that_takes_all_of_its_errors_is_warned_about(
    check: Check, first: str, second: str
) -> None:
    handlers = f"  - {{errors: {first}, node: one}}\n  - {{errors: {second}, node: two}}\n"
    (found,) = check(HANDLED + handlers)
    assert (found.code, found.severity, found.position.line) == ("WF338", Severity.WARNING, 9)
    assert found.message == 'the error handler "two" never runs: those before it take all of its errors'


@pytest.mark.parametrize(("first", "second"), [("[Timeout]", '["*"]'), ("[X]", "[X, Y]")])
def test_a_handler_that_still_takes_something_is_fine(check: Check, first: str, second: str) -> None:
    handlers = f"  - {{errors: {first}, node: one}}\n  - {{errors: {second}, node: two}}\n"
    assert check(HANDLED + handlers) == []
