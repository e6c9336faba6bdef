"""Parameters that do not fit: one message each, in the words of the definition."""

from __future__ import annotations

import pytest

from tests.resolve.conftest import Findings

URL = 'url: "https://example.com"'


def node(node_type: str, parameters: str) -> str:
    return f"id: hello\nnodes:\n  - {{id: here, type: {node_type}, parameters: {{{parameters}}}}}\n"


@pytest.mark.parametrize(
    ("node_type", "parameters", "message", "hint"),
    [
        (
            "http_request",
            f"{URL}, method: get",
            'parameter "method" of node "here" is "get"',
            'did you mean "GET"?',
        ),
        (
            "http_request",
            f"{URL}, query: [1]",
            'parameter "query" of node "here" is a list, but must be an object or an expression',
            'write fields and values: `name: value`, or an expression as "{% … %}"',
        ),
        (
            "http_request",
            f"{URL}, headers: {{A: {{b: 1}}}}",
            (
                'parameter "headers.A" of node "here" is an object, '
                "but must be a text, a number or true or false"
            ),
            "write a text, a number or true or false",
        ),
        (
            "http_request",
            f"{URL}, accept_status: [200, 9xx]",
            'parameter "accept_status[1]" of node "here" is "9xx"',
            "it must have the form ^[1-5]xx$ (a regular expression)",
        ),
        (
            "http_request",
            f"{URL}, accept_status: []",
            'parameter "accept_status" of node "here" is empty',
            "give at least one element",
        ),
        (
            "http_request",
            f'{URL}, follow_redirects: "true"',
            'parameter "follow_redirects" of node "here" is "true", but must be true or false',
            "write it without quotes",
        ),
        (
            "http_request",
            f"{URL}, max_response_bytes: 0",
            'parameter "max_response_bytes" of node "here" is 0',
            "it must be at least 1",
        ),
        (
            "http_request",
            "url: 5",
            'parameter "url" of node "here" is 5, but must be a text',
            'put it in quotes: "5"',
        ),
        ("delay", "days: -1", 'parameter "days" of node "here" is -1', "it must be at least 0"),
        (
            "delay",
            'days: "3"',
            'parameter "days" of node "here" is "3", but must be a number or an expression',
            'write it without quotes, or an expression as "{% … %}"',
        ),
        (
            "delay",
            "days: soon",
            'parameter "days" of node "here" is "soon", but must be a number or an expression',
            'write a number, without quotes, or an expression as "{% … %}"',
        ),
        (
            "condition",
            'when: "$trigger.ok"',
            'parameter "when" of node "here" is "$trigger.ok", but must be one expression',
            'write "{% $trigger.ok %}"',
        ),
        (
            "condition",
            'cases: [{port: Big, when: "{% true %}"}]',
            'parameter "cases[0].port" of node "here" is "Big"',
            'begin with a lower-case letter and use only lower-case letters, digits and _, such as "big"',
        ),
        (
            "function",
            'function: "{% $trigger.f %}"',
            'parameter "function" of node "here" is an expression',
            "write a fixed value: it shapes the state machine, which is made before any run",
        ),
        (
            "set_variable",
            "values: {}",
            'parameter "values" of node "here" is empty',
            "give at least one element",
        ),
        (
            "terminate",
            "status: fail",
            'parameter "status" of node "here" is "fail"',
            'did you mean "failed"?',
        ),
    ],
)
def test_a_value_that_does_not_fit_is_one_message_with_what_to_do(
    findings: Findings, node_type: str, parameters: str, message: str, hint: str
) -> None:
    (found,) = findings(node(node_type, parameters))
    assert (found.code, found.message, found.hint) == ("WF205", message, hint)


@pytest.mark.parametrize(
    "parameters",
    [
        "accept_status: ['{% $trigger.body.status %}']",
        "accept_status: '{% $trigger.body.statuses %}'",
        "follow_redirects: '{% $trigger.body.follow %}'",
        "max_response_bytes: '{% $trigger.body.bytes %}'",
        "method: '{% $trigger.body.method %}'",
        "query: {a: '{% $trigger.body.a %}', b: [1, '{% $trigger.body.b %}']}",
        "headers: {str: a, A: '{% $trigger.body.a %}'}",
    ],
)
def test_what_only_the_run_will_give_is_no_mistake(findings: Findings, parameters: str) -> None:
    assert findings(node("http_request", f"{URL}, {parameters}")) == []


def test_an_expression_cannot_stand_for_a_part_of_what_shapes_the_machine(findings: Findings) -> None:
    case = '{port: a, when: "{% true %}"}'
    (found,) = findings(node("condition", f"cases: [{case}, '{{% $trigger.case %}}']"))
    assert found.code == "WF205"
    assert found.message == (
        'parameter "cases[1]" of node "here" is "{% $trigger.case %}", but must be an object'
    )


@pytest.mark.parametrize("text", ["no {% $trigger.body.follow %}", " {% $trigger.body.follow %}"])
def test_text_around_an_expression_makes_a_text_of_it(findings: Findings, text: str) -> None:
    (found,) = findings(node("http_request", f"{URL}, follow_redirects: '{text}'"))
    assert found.code == "WF205"
    assert found.message.endswith("but must be true or false")


@pytest.mark.parametrize("text", ["{% $a %} and {% $b %}", " {% true %}", "if {% true %}"])
def test_a_condition_with_anything_around_its_expression_is_refused(findings: Findings, text: str) -> None:
    found = findings(node("condition", f"when: '{text}'"))
    assert "WF205" in [one.code for one in found]


def test_an_expression_in_a_block_of_yaml_is_whole(findings: Findings) -> None:
    condition = "    type: condition\n    parameters:\n      when: |\n        {% true %}\n"
    assert findings(f"id: hello\nnodes:\n  - id: here\n{condition}") == []


def test_an_expression_without_an_end_is_reported_as_that_only(findings: Findings) -> None:
    assert [one.code for one in findings(node("delay", "days: '{% 1'"))] == ["WF250"]


def test_an_unknown_parameter_is_reported_at_its_key_whatever_its_value(findings: Findings) -> None:
    text = node("http_request", f"{URL}, qery: '{{% $trigger.q %}}'")
    (found,) = findings(text)
    assert found.code == "WF203"
    assert found.message == 'node "here" (type "http_request") has an unknown parameter "qery"'
    assert found.hint == 'did you mean "query"?'
    assert found.position.line == 3
    assert found.position.column == text.splitlines()[2].index("qery") + 1


def test_an_unknown_field_inside_a_parameter_lists_what_there_is(findings: Findings) -> None:
    (found,) = findings(node("condition", 'cases: [{port: a, when: "{% true %}", colour: red}]'))
    assert found.message == 'parameter "cases[0]" of node "here" has an unknown field "colour"'
    assert found.hint == 'remove it; there are: "port", "when", "equals", "one_of"'


def test_a_setting_of_the_node_among_its_parameters_is_told_where_it_belongs(findings: Findings) -> None:
    (found,) = findings(node("http_request", f"{URL}, timeout_seconds: 5"))
    assert found.hint == 'it belongs to the node itself: write it beside "parameters", not inside'


def test_a_missing_parameter_is_reported_at_the_parameters(findings: Findings) -> None:
    text = "id: hello\nnodes:\n  - id: here\n    type: http_request\n    parameters:\n      method: GET\n"
    (found,) = findings(text)
    assert found.code == "WF204"
    assert found.message == 'node "here" (type "http_request") has no parameter "url"'
    assert (found.position.line, found.position.column) == (5, 5)
    assert found.position.pointer == "/nodes/0/parameters/url"


def test_a_node_without_any_parameters_is_the_place_of_a_missing_one(findings: Findings) -> None:
    (found,) = findings("id: hello\nnodes:\n  - id: here\n    type: transform\n")
    assert (found.code, found.position.line, found.position.column) == ("WF204", 3, 5)


def test_a_misspelt_parameter_is_not_missing_besides(findings: Findings) -> None:
    assert [one.code for one in findings(node("transform", "ouput: 1"))] == ["WF203"]


def test_what_parameters_need_together_is_said_of_the_node(findings: Findings) -> None:
    (found,) = findings(node("delay", ""))
    assert found.message.startswith('node "here": needs either a duration')
    assert found.hint == "`steploom explain delay` shows the parameters and an example"


def test_a_rule_about_one_parameter_is_said_of_it(findings: Findings) -> None:
    (found,) = findings(node("http_request", "url: example"))
    assert found.message.startswith('parameter "url" of node "here": "example" is not the address')


@pytest.mark.parametrize(
    "parameters",
    [
        "query: [1], headers: {A: {}}, accept_status: [{}, x], form: 3, max_response_bytes: many",
        "url: 3, method: 4, follow_redirects: 5, idempotency_header: 'a b', response: xml",
    ],
)
def test_no_wording_of_the_validation_library_is_shown(findings: Findings, parameters: str) -> None:
    found = findings(node("http_request", parameters))
    assert found
    text = " ".join(f"{one.message} {one.hint}" for one in found)
    foreign = ("Input", "input should", "valid dictionary", "valid string", "tuple", "ctx", "str]", "dict[")
    assert [word for word in foreign if word in text] == []


def test_the_position_is_the_same_in_json(findings: Findings) -> None:
    text = (
        '{"id": "hello",\n "nodes": [{"id": "here", "type": "delay",\n'
        '   "parameters": {"days": -1,\n                  "dayz": 2}}]}'
    )
    wrong, unknown = findings(text, "workflow.json")
    assert (wrong.position.line, wrong.position.column) == (3, 27)
    assert (unknown.position.line, unknown.position.column) == (4, 19)
