"""The type check of data on whole definitions: where a finding stands, and what is known of names."""

from __future__ import annotations

from textwrap import dedent

import pytest

from translator.checks import data_types
from translator.checks.facts import Facts
from translator.compiler import compile_text
from translator.definition.reader import read_definition
from translator.diagnostics import Diagnostic, Severity
from translator.resolve import resolve


def found(text: str) -> list[Diagnostic]:
    """What the rule finds; beneath the refusal of what is not compiled yet."""
    source = read_definition(dedent(text), file_name="workflow.yaml")
    return list(data_types.check(Facts(resolve(source.definition, source.positions))))


def only(text: str) -> Diagnostic:
    (diagnostic,) = found(text)
    return diagnostic


INPUT = """\
id: orders
input:
  type: object
  properties:
    id: {type: integer}
    total: {type: number}
    items: {type: array, items: {$ref: "#/$defs/item"}}
  required: [id, total, items]
  additionalProperties: false
  $defs:
    item:
      type: object
      properties: {sku: {type: string}, price: {type: number}}
      required: [sku, price]
nodes:
  - id: sums
    type: transform
    parameters:
      output:
        lines: "{% $count($trigger.body.items) %}"
        text: "order {% EXPRESSION %} of today"
triggers:
  - {id: order, type: webhook, path: orders}
  - {id: by_hand, type: manual}
"""


def on_input(expression: str) -> str:
    return INPUT.replace("EXPRESSION", expression)


def test_a_misspelt_field_of_the_input_is_found_where_it_stands() -> None:
    text = on_input("$trigger.body.items.prise")
    diagnostic = only(text)
    line = text.splitlines()[diagnostic.position.line - 1]
    assert line[diagnostic.position.column - 1 :].startswith("prise")
    assert diagnostic.position.pointer == "/nodes/0/parameters/output/text"
    assert (diagnostic.code, diagnostic.severity) == ("WF320", Severity.WARNING)
    assert diagnostic.hint == 'did you mean "price"?'


def test_what_must_fail_is_an_error() -> None:
    assert only(on_input("$uppercase($trigger.body.total)")).severity is Severity.ERROR
    assert only(on_input("$trigger.body.items - 1")).code == "WF322"


@pytest.mark.parametrize(
    "expression",
    [
        "$trigger.body.id + 1",
        "$trigger.body.items[0].sku",
        "$trigger.headers.anything & $trigger.query.page",
        "$trigger.id = 'order' ? $trigger.method : 'by hand'",
        "$trigger.received_at",
        "$run.id & $run.workflow & $run.version & $run.started_at",
        "$error.cause & $error.error & $error.node",
    ],
)
def test_what_is_there_is_not_spoken_of(expression: str) -> None:
    assert found(on_input(expression)) == []


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("$trigger.bdoy.id", 'did you mean "body"?'),
        ("$trigger.id = 'ordre'", 'did you mean "order"?'),
        ("$trigger.type = 'cron'", 'it may be "manual" or "webhook"'),
        ("$run.startedAt", 'did you mean "started_at"?'),
        ("$error.message", 'it has "cause", "error", "iteration", "node" and "retry_after"'),
        ("$trigger.headers.length - 1", "read a number from a text with $number(…)"),
    ],
)
def test_the_names_that_every_workflow_has_are_known(expression: str, hint: str) -> None:
    assert only(on_input(expression)).hint == hint


CHAIN = """\
id: chain
nodes:
  - id: order
    type: transform
    parameters: {output: {id: A-7, total: 5, state: "{% $trigger.body.state %}"}}
  - {id: told, type: transform, parameters: {output: "{% EXPRESSION %}"}}
edges:
  - {from: order, to: told}
"""


def test_the_output_of_a_transform_is_inferred_from_its_template() -> None:
    assert only(CHAIN.replace("EXPRESSION", "$order.totl")).hint == 'did you mean "total"?'
    assert only(CHAIN.replace("EXPRESSION", "$order.total.value")).code == "WF320"
    assert found(CHAIN.replace("EXPRESSION", "$order.state.anything - 1")) == []


def test_what_has_surely_run_may_be_an_error_and_what_may_have_been_skipped_a_warning() -> None:
    text = CHAIN.replace("EXPRESSION", "$order.id - 1")
    assert only(text).severity is Severity.ERROR
    other = text.replace(
        "edges:", '  - {id: asked, type: condition, parameters: {when: "{% $trigger.body %}"}}\nedges:'
    )
    skipped = (
        other.replace("{from: order, to: told}", "{from: asked, port: 'true', to: order}")
        + "  - {from: asked, port: 'false', to: told}\n  - {from: order, to: told}\n"
    )
    assert only(skipped).severity is Severity.WARNING


def test_an_error_stops_the_compilation_and_a_warning_does_not() -> None:
    stopped = compile_text(CHAIN.replace("EXPRESSION", "$order.id - 1"), file_name="workflow.yaml")
    assert [diagnostic.code for diagnostic in stopped.diagnostics] == ["WF322"]
    warned = compile_text(CHAIN.replace("EXPRESSION", "$order.totl"), file_name="workflow.yaml")
    assert [diagnostic.code for diagnostic in warned.diagnostics] == ["WF320"]
    assert warned.machine["States"]


CALL = """\
id: call
nodes:
  - id: charge
    type: http_request
    parameters:
      url: https://example.com
      SCHEMA
  - {id: told, type: transform, parameters: {output: "{% EXPRESSION %}"}}
edges:
  - {from: charge, to: told}
"""
_SCHEMA = """\
response_schema:
        $defs: {state: {enum: [paid, refused]}}
        type: object
        properties:
          state: {$ref: "#/$defs/state"}
          again: {$ref: "#"}"""


def calling(expression: str, schema: str = _SCHEMA) -> list[Diagnostic]:
    return found(CALL.replace("SCHEMA", schema).replace("EXPRESSION", expression))


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("$charge.stauts", "WF320"),
        ("$charge.status = '200'", "WF321"),
        ("$charge.body.state = 'piad'", "WF321"),
        ("$charge.body.again.again.state = 'piad'", "WF321"),
        ("$charge.body.stat", "WF320"),
        ("$charge.headers.etag - 1", "WF322"),
    ],
)
def test_the_answer_of_an_http_request_is_known_as_far_as_it_is_declared(expression: str, code: str) -> None:
    assert [diagnostic.code for diagnostic in calling(expression)] == [code]


def test_an_answer_that_is_not_declared_may_be_anything() -> None:
    assert calling("$charge.body.anything.at_all - 1", "method: GET") == []
    assert calling("$charge.body.other", _SCHEMA) == []
    assert calling("$charge.body - 1", "response: text")[0].code == "WF322"


CONDITION = """\
id: switch
nodes:
  - {id: order, type: transform, parameters: {output: {state: "{% $trigger.body ? 'paid' : 'open' %}"}}}
  - id: route
    type: condition
    parameters:
      value: "{% $order.state %}"
      cases:
        - {port: paid, equals: paid}
        - {port: other, equals: CASE}
      default: none
  - {id: told, type: transform, parameters: {output: "{% EXPRESSION %}"}}
edges:
  - {from: order, to: route}
  - {from: route, port: paid, to: told}
"""


def test_a_case_that_can_never_fit_is_found() -> None:
    diagnostic = only(CONDITION.replace("CASE", "opne").replace("EXPRESSION", "$route.port"))
    assert (
        diagnostic.message == '$order.state (the text "open" or "paid") and the text "opne" are never equal'
    )
    assert diagnostic.position.pointer == "/nodes/1/parameters/cases/1"
    assert found(CONDITION.replace("CASE", "open").replace("EXPRESSION", "$route.port = 'paid'")) == []


def test_the_output_of_a_condition_is_one_of_its_ports() -> None:
    text = CONDITION.replace("CASE", "open").replace("EXPRESSION", "$route.port = 'payed'")
    assert only(text).hint == 'did you mean "paid"?'


VARIABLES = """\
id: variables
variables:
  - {name: tries, type: integer, value: 0}
  - {name: desk, type: string, value: "https://example.com"}
  - {name: config, value: {limit: 5, mode: fast}}
  - {name: last}
nodes:
  - {id: wait, type: delay, parameters: {seconds: 1}}
  - {id: counted, type: set_variable, parameters: {values: {tries: "{% $tries + 1 %}", last: "{% VALUE %}"}}}
  - {id: told, type: transform, parameters: {output: "{% EXPRESSION %}"}}
edges:
  - {from: wait, to: counted}
  - {from: counted, to: told}
"""


def with_variables(expression: str, value: str = "$trigger.body") -> list[Diagnostic]:
    return found(VARIABLES.replace("EXPRESSION", expression).replace("VALUE", value))


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("$tries & 'a' - 1", "WF322"),
        ("$tries = 'none'", "WF321"),
        ("$desk - 1", "WF322"),
        ("$config.limt", "WF320"),
        ("$wait - 1", "WF322"),
        ("$last.name - 1", None),
        ("$desk = 'https://example.org'", None),
        ("$config.mode = 'slow'", None),
        ("$wait = null", None),
        ("$counted.anything", None),
    ],
)
def test_variables_are_what_they_are_declared_and_set_to(expression: str, code: str | None) -> None:
    assert [diagnostic.code for diagnostic in with_variables(expression)] == ([code] if code else [])


def test_a_variable_that_is_set_to_another_type_is_found() -> None:
    text = (
        VARIABLES.replace("$tries + 1", "$string($tries + 1)")
        .replace("EXPRESSION", "1")
        .replace("VALUE", "1")
    )
    diagnostic = only(text)
    assert (diagnostic.code, diagnostic.severity) == ("WF324", Severity.WARNING)
    assert diagnostic.message == 'node "counted" sets "tries", declared as integer, to a text'
    assert diagnostic.position.pointer == "/nodes/1/parameters/values/tries"


PARAMETERS = """\
id: parameters
nodes:
  - {id: order, type: transform, parameters: {output: {id: 7, name: Ann, items: [1], none: null}}}
  - {id: used, type: TYPE, parameters: {PARAMETERS}}
edges:
  - {from: order, to: used}
"""


@pytest.mark.parametrize(
    ("node_type", "parameters", "name"),
    [
        ("delay", 'seconds: "{% $order.name %}"', "seconds"),
        ("delay", 'until: "{% $order.id %}"', "until"),
        ("http_request", 'url: "{% $order.id %}"', "url"),
        ("http_request", 'url: "https://example.com", headers: {a/b: "{% $order.items %}"}', "headers.a/b"),
        ("http_request", 'url: "https://example.com", query: "{% $order.items %}"', "query"),
        ("http_request", 'url: "https://example.com", query: {page: ["{% $order %}"]}', "query.page.0"),
        ("terminate", 'status: failed, cause: "{% $order.id %}"', "cause"),
    ],
)
def test_a_parameter_that_cannot_be_what_its_expression_gives_is_found(
    node_type: str, parameters: str, name: str
) -> None:
    diagnostic = only(PARAMETERS.replace("TYPE", node_type).replace("PARAMETERS", parameters))
    assert (diagnostic.code, diagnostic.severity) == ("WF325", Severity.WARNING)
    assert diagnostic.message.startswith(f'parameter "{name}" of node "used" takes ')


@pytest.mark.parametrize(
    ("node_type", "parameters"),
    [
        ("delay", 'seconds: "{% $order.id %}"'),
        ("delay", 'seconds: "{% $order.none %}"'),
        ("delay", 'until: "{% $order.name %}"'),
        ("delay", 'until: "{% $order.name %}T08:00:00Z"'),
        ("http_request", 'url: "https://example.com/{% $order.id %}"'),
        ("http_request", 'url: "https://example.com", headers: {a: "{% $order.id %}"}'),
        ("http_request", 'url: "https://example.com", body: {a: ["{% $order %}"]}'),
        ("http_request", 'url: "https://example.com", form: {a: ["{% $order.id %}"]}'),
        ("function", 'function: f, arguments: {a: "{% $order %}"}'),
        ("condition", 'when: "{% $order.items %}"'),
        ("condition", 'value: "{% $order.id %}", cases: [{port: a, equals: 7}], default: b'),
        ("terminate", 'status: succeeded, output: "{% $order %}"'),
    ],
)
def test_a_parameter_that_may_be_what_its_expression_gives_is_not_spoken_of(
    node_type: str, parameters: str
) -> None:
    assert found(PARAMETERS.replace("TYPE", node_type).replace("PARAMETERS", parameters)) == []


def test_edges_and_the_output_are_checked_too() -> None:
    text = CHAIN.replace("EXPRESSION", "1") + 'output: "{% $order.totl %}"\n'
    assert only(text).position.pointer == "/output"
    text = CHAIN.replace("EXPRESSION", "1").replace("to: told", 'to: told, when: "{% $order.totl > 1 %}"')
    assert only(text).position.pointer == "/edges/0/when"


def test_a_node_that_no_trigger_reaches_is_not_checked() -> None:
    text = CHAIN.replace("EXPRESSION", "1").replace(
        "edges:",
        '  - {id: left, type: transform, parameters: {output: "{% {}.a %}"}}\n'
        "triggers: [{id: by_hand, type: manual, entry: order}]\nedges:",
    )
    assert found(text) == []
