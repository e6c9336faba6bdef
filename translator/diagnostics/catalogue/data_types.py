"""The codes of data that cannot be meant as it is used: WF320 to WF325."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_ORDER: Final = """\
id: hello
nodes:
  - {id: order, type: transform, parameters: {output: {id: A-7, total: 5, state: open, items: [1, 2]}}}
  - {id: reply, type: transform, parameters: {output: "{% $order.total %}"}}
edges:
  - {from: order, to: reply}
"""


def _with(expression: str) -> str:
    return _ORDER.replace("$order.total", expression)


_SETTING: Final = """\
id: hello
variables: [{name: calls, type: number, value: 0}]
nodes:
  - {id: counted, type: set_variable, parameters: {values: {calls: "{% $calls + 1 %}"}}}
"""

_WAITING: Final = """\
id: hello
nodes:
  - {id: order, type: transform, parameters: {output: {name: Ann, days: 3}}}
  - {id: cool_down, type: delay, parameters: {days: "{% $order.name %}"}}
edges:
  - {from: order, to: cool_down}
"""

ENTRIES: Final = (
    Entry(
        "WF320",
        "a field is read that is not there",
        "JSONata gives nothing for a field that a value does not have, so a misspelt name goes unnoticed "
        "in a run: a parameter is left out, a condition is false. The fields are known of what a "
        "transform or a condition makes, of `$run` and `$error`, and of whatever is declared by a JSON "
        "Schema: the `input` of the workflow, the `response_schema` of an http_request. Where nothing is "
        "declared, nothing is said. A schema that allows other fields is believed, unless a name is "
        "nearly one of those it lists.",
        _with("$order.totl"),
        _with("$order.total"),
    ),
    Entry(
        "WF321",
        "a comparison can come out in one way only",
        'Values of different kinds are never equal in JSONata: 5 and the text "5" are not. A text that '
        "is not among the possible ones never is either. `<` and the like compare two numbers or two "
        "texts and fail on anything else.",
        _with("$order.total = '5'"),
        _with("$order.total = 5"),
    ),
    Entry(
        "WF322",
        "an operator gets an operand that it cannot take",
        "`+`, `-`, `*`, `/` and `%` calculate with numbers and fail on anything else; texts are joined "
        "with `&`. It is an error where evaluating the expression always fails, and a warning where that "
        "depends on the data.",
        _with("$order.total + $order.id"),
        _with("$order.total & $order.id"),
    ),
    Entry(
        "WF323",
        "a function gets an argument that it cannot take",
        "JSONata's functions fail on a value of another kind than they take. What is nothing is passed "
        "on as nothing, and a value that is no array counts as an array of one.",
        _with("$uppercase($order.total)"),
        _with("$uppercase($order.id)"),
    ),
    Entry(
        "WF324",
        "a variable is set to a value that is not of its type",
        "The type of a variable is what its readers rely on; nothing converts what is set.",
        _SETTING.replace("$calls + 1", "$string($calls + 1)"),
        _SETTING,
    ),
    Entry(
        "WF325",
        "a parameter gets a value that its node cannot take",
        "What an expression gives is held against the node's type when the node runs, and nothing makes "
        "a text of a number or reads a number from a text.",
        _WAITING,
        _WAITING.replace("$order.name", "$order.days"),
    ),
)
