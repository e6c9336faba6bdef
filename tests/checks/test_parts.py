"""Settings, names and webhooks that do not do what they seem to."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Check
from translator.compiler import compile_text
from translator.diagnostics import Severity

CALL = """\
nodes:
  - id: call
    type: http_request
    parameters: {url: "https://example.com"}
"""
PASS = """\
nodes:
  - id: greet
    type: transform
    parameters: {output: hello}
"""


def test_a_timeout_that_no_function_can_use_up_is_refused(check: Check) -> None:
    (found,) = check(f"{CALL}    timeout_seconds: 901\n")
    assert (found.code, found.severity) == ("WF330", Severity.ERROR)
    assert found.message == '"timeout_seconds" of node "call" is 901, but a Lambda function ends after 900'
    assert (found.position.line, found.position.column) == (6, 22)


def test_the_longest_timeout_is_fine(check: Check) -> None:
    assert check(f"{CALL}    timeout_seconds: 900\n") == []


@pytest.mark.parametrize("setting", ["timeout_seconds: 5", "effect: read", "retry_policy: {preset: network}"])
@pytest.mark.parametrize(
    "node",
    [
        "{type: transform, parameters: {output: 1}}",
        '{type: condition, parameters: {when: "{% true %}"}}',
        "{type: delay, parameters: {seconds: 1}}",
        "{type: terminate, parameters: {status: succeeded}}",
    ],
)
def test_a_setting_of_function_calls_on_a_node_without_one_is_warned_about(
    check: Check, node: str, setting: str
) -> None:
    (found,) = check(f"nodes:\n  - {node[:-1]}, id: greet, {setting}}}\n")
    assert (found.code, found.severity) == ("WF331", Severity.WARNING)
    assert found.message.startswith(f'"{setting.partition(":")[0]}" of node "greet" does nothing')


@pytest.mark.parametrize("setting", ["timeout_seconds: 5", "effect: read", "retry_policy: {preset: network}"])
def test_the_same_settings_are_fine_where_a_function_is_called(check: Check, setting: str) -> None:
    assert check(f"{CALL}    {setting}\n") == []


def test_the_place_of_a_setting_that_does_nothing_is_its_key(check: Check) -> None:
    (found,) = check(f"{PASS}    timeout_seconds: 5\n")
    assert (found.position.line, found.position.column) == (6, 5)


def test_two_nodes_of_one_name_are_noted_with_both_ids(check: Check) -> None:
    text = PASS + "    name: Say hello\n" + PASS.removeprefix("nodes:\n").replace("greet", "again")
    (found,) = check(f"{text}    name: Say  hello\n")
    assert (found.code, found.severity) == ("WF332", Severity.NOTE)
    assert '"greet" and "again" share the name "Say hello"' in found.message


def test_a_name_that_is_made_of_an_id_counts_too(check: Check) -> None:
    text = PASS + PASS.removeprefix("nodes:\n").replace("id: greet", "id: other\n    name: Greet")
    assert [found.code for found in check(text)] == ["WF332"]


def webhooks(first: str, second: str) -> str:
    return (
        f"{PASS}triggers:\n"
        f"  - {{id: a, type: webhook, path: {first}}}\n  - {{id: b, type: webhook, path: {second}}}\n"
    )


def test_two_webhooks_of_one_path_and_method_are_refused(check: Check) -> None:
    (found,) = check(webhooks("x, method: PUT", "x, method: PUT"))
    assert (found.code, found.severity) == ("WF333", Severity.ERROR)
    assert found.message == 'triggers "a" and "b" both take PUT of "x"'
    assert found.position.line == 8


@pytest.mark.parametrize(("first", "second"), [("x", "x, method: GET"), ("x", "x/y"), ("x", "X")])
def test_webhooks_that_differ_in_path_or_method_are_fine(check: Check, first: str, second: str) -> None:
    assert check(webhooks(first, second)) == []


def test_a_variable_that_nothing_reads_is_warned_about_even_if_it_is_set(check: Check) -> None:
    text = "nodes:\n  - {id: tally, type: set_variable, parameters: {values: {tries: 1}}}\n"
    (found,) = check(f"{text}variables: [{{name: tries, value: 0}}]\n")
    assert (found.code, found.severity) == ("WF334", Severity.WARNING)
    assert '"tries"' in found.message


@pytest.mark.parametrize(
    "reader",
    [
        'nodes: [{id: greet, type: transform, parameters: {output: ["at {% $limit + 1 %}"]}}]',
        'nodes: [{id: greet, type: transform, parameters: {output: 1}}]\noutput: "{% $limit %}"',
    ],
)
def test_a_variable_is_read_by_a_node_or_by_the_output(check: Check, reader: str) -> None:
    assert check(f"{reader}\nvariables: [{{name: limit, value: 0}}]\n") == []


def test_a_variable_that_only_a_left_out_node_reads_is_not_reported_besides(check: Check) -> None:
    text = (
        f"{PASS}  - {{id: lost, type: transform, parameters: {{output: '{{% $limit %}}'}}}}\n"
        "triggers: [{id: by_hand, type: manual, entry: greet}]\nvariables: [{name: limit, value: 0}]\n"
    )
    assert [found.code for found in check(text)] == ["WF301"]


def test_a_misspelt_variable_that_is_set_is_found_beside_other_mistakes() -> None:
    text = (
        "id: hello\nvariables: [{name: tries, value: 0}]\nnodes:\n"
        "  - {id: tally, type: set_variable, parameters: {values: {tires: '{% $tries %}'}}}\n"
        "edges: [{from: tally, to: nowhere}]\n"
    )
    undeclared, dangling = compile_text(text).diagnostics
    assert (undeclared.code, undeclared.hint) == ("WF313", 'did you mean "tries"?')
    assert (undeclared.position.line, undeclared.position.column) == (4, 59)
    assert text.splitlines()[3][58:].startswith("tires")
    assert dangling.code == "WF206"


def output(text: str) -> str:
    return f"nodes:\n  - id: greet\n    type: transform\n    parameters:\n      output: {text}\n"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$trigger.body.name", "{% $trigger.body.name %}"),
        ("$trigger.body.total > 5", "{% $trigger.body.total > 5 %}"),
        ("'Dear {{ $trigger.body.name }}!'", "Dear {% $trigger.body.name %}!"),
        ("'Dear {{trigger.body.name}}!'", "Dear {% $trigger.body.name %}!"),
        ("'at ${run.id}'", "at {% $run.id %}"),
        ("'{% $run.id %}: {{ trigger.body.name }}'", "{% $run.id %}: {% $trigger.body.name %}"),
    ],
)
def test_a_text_that_was_meant_to_be_evaluated_is_warned_about(check: Check, text: str, meant: str) -> None:
    (found,) = check(output(text))
    assert (found.code, found.severity) == ("WF339", Severity.WARNING)
    assert found.hint == f'write "{meant}"'
    assert (found.position.line, found.position.column) == (6, 15)


@pytest.mark.parametrize(
    "text",
    [
        "$5 off",
        "costs $ 5",
        "'{{ name }}'",
        "$nothing",
        "'${HOME}/x'",
        "$sum",
        "'{% $trigger.body.name %} pays $5'",
        "Dear $trigger",
    ],
)
def test_a_text_that_only_has_such_signs_is_fine(check: Check, text: str) -> None:
    assert check(output(text)) == []
