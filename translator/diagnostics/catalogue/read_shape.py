"""The codes of data that is no definition: WF110 to WF116."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_GOOD: Final = """\
id: hello
nodes:
  - id: greet
    type: transform
    parameters: {output: "{% 'hello' %}"}
"""

ENTRIES: Final = (
    Entry(
        "WF110",
        "a field is unknown",
        "Fields that mean nothing are refused, so that a typo does not go unnoticed. What belongs to a "
        "node's type stands under `parameters`.",
        _GOOD.replace("parameters", "paramters"),
        _GOOD,
    ),
    Entry(
        "WF111",
        "a field is missing",
        "A workflow needs `id` and `nodes`, a node `id` and `type`, an edge `from` and `to`, a trigger `id` "
        "and `type`.",
        _GOOD.replace("    type: transform\n", ""),
        _GOOD,
    ),
    Entry(
        "WF112",
        "a value is of the wrong type",
        'Types are not converted: "20" in quotes is a text and not a number, and 1.0 is not a whole number.',
        f'{_GOOD}    timeout_seconds: "20"\n',
        f"{_GOOD}    timeout_seconds: 20\n",
    ),
    Entry(
        "WF113",
        "a value is not one of those allowed",
        "The field takes one of a few fixed values.",
        f"{_GOOD}    join: every\n",
        f"{_GOOD}    join: all\n",
    ),
    Entry(
        "WF114",
        "a name or path is not well formed",
        "Ids of nodes, triggers and variables are read in expressions as `$id`: a lower-case letter, then "
        "lower-case letters, digits and `_`. The workflow's own id takes dashes instead. What is shown to "
        "people is the `name`, which may be any text.",
        _GOOD.replace("greet", "Greet-All"),
        _GOOD.replace("greet", "greet_all"),
    ),
    Entry(
        "WF115",
        "a number is out of range",
        "The bounds are those of the service that the workflow runs on.",
        f"{_GOOD}    timeout_seconds: 0\n",
        f"{_GOOD}    timeout_seconds: 1\n",
    ),
    Entry(
        "WF116",
        "a text or list is empty or too long",
        "A workflow needs at least one node, a name at least one character, a list of errors at least one "
        "name.",
        "id: hello\nnodes: []\n",
        _GOOD,
    ),
)
