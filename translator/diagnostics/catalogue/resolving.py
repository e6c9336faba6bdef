"""The codes of nodes, edges and names that cannot be bound: WF201 to WF214, WF290, WF301."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_CALL: Final = """\
id: hello
nodes:
  - {id: call, type: http_request, parameters: {url: "https://example.com"}}
  - {id: keep, type: transform, parameters: {output: "{% $call.body %}"}}
edges:
  - {from: call, to: keep}
"""
_MANUAL: Final = _CALL + "triggers:\n  - {id: by_hand, type: manual, entry: call}\n"
_CHOICE: Final = """\
id: hello
nodes:
  - {id: asked, type: condition, parameters: {when: "{% $trigger.body.loud %}"}}
  - {id: shout, type: transform, parameters: {output: HELLO}}
edges:
  - {from: asked, port: "true", to: shout}
"""

_HANDLED: Final = """\
id: example
nodes:
  - {id: work, type: http_request, parameters: {url: "https://example.com"}}
  - {id: alert, type: http_request, parameters: {url: "https://example.com/alert"}}
error_handlers:
  - {errors: ["*"], node: alert}
"""

ENTRIES: Final = (
    Entry(
        "WF201",
        "a node is of a type that there is not",
        "Every node has a `type`, which is one of the node types. `steploom explain <type>` tells what each "
        "is for.",
        _CALL.replace("http_request", "http_requset"),
        _CALL,
    ),
    Entry(
        "WF203",
        "a parameter is not known",
        "Each node type has its own parameters and takes no others, so that a misspelt one is never ignored.",
        _CALL.replace("url:", "link: x, url:"),
        _CALL,
    ),
    Entry(
        "WF204",
        "a parameter is missing",
        "The node's type cannot do anything without it.",
        _CALL.replace('{url: "https://example.com"}', "{method: GET}"),
        _CALL,
    ),
    Entry(
        "WF205",
        "a parameter does not fit",
        "The value is of another kind than the node's type takes. An expression may stand for any value "
        "that is worked out during the run, but not for what shapes the state machine, such as the ports of "
        "a condition.",
        _CALL.replace('"https://example.com"', "example"),
        _CALL,
    ),
    Entry(
        "WF206",
        "an edge leads nowhere, or comes from nowhere",
        "Both ends of an edge are ids of nodes.",
        _CALL.replace("to: keep", "to: kep"),
        _CALL,
    ),
    Entry(
        "WF207",
        "an edge leaves by a port that the node does not have",
        "Most nodes have the port `out`, which needs not be written, and `error`. A condition has `true` "
        "and `false`, or the ports of its cases.",
        _CHOICE.replace('"true"', "truth"),
        _CHOICE,
    ),
    Entry(
        "WF208",
        "a trigger enters a node that there is not",
        "The `entry` of a trigger is the id of the node that runs first.",
        _MANUAL.replace("entry: call", "entry: cal"),
        _MANUAL,
    ),
    Entry(
        "WF209",
        "an error edge has a condition",
        "An error edge chooses by `errors`, the names of what may go wrong. For anything finer lead it to a "
        "condition that reads `$error`.",
        _CALL.replace("from: call,", 'from: call, port: error, when: "{% true %}",'),
        _CALL.replace("from: call,", "from: call, port: error, errors: [Timeout],"),
    ),
    Entry(
        "WF210",
        "a name is read that nothing has",
        "In an expression `$name` is a node's output, a variable, `$trigger`, `$run`, behind an error edge "
        "`$error`, a function, or a name that the expression itself has given.",
        _CALL.replace("$call.body", "$cal.body"),
        _CALL,
    ),
    Entry(
        "WF211",
        "the condition of an edge is no expression",
        "A `when` is one expression between `{%` and `%}`, with nothing around it. Any other text would be "
        "true in every run.",
        _CALL.replace("to: keep", 'to: keep, when: "$call.status = 200"'),
        _CALL.replace("to: keep", 'to: keep, when: "{% $call.status = 200 %}"'),
    ),
    Entry(
        "WF213",
        "an error handler names no node",
        "An entry of `error_handlers` names the node that runs after a failure which no error edge took.",
        _HANDLED.replace("node: alert", "node: alarm"),
        _HANDLED,
    ),
    Entry(
        "WF214",
        "an error handler is entered otherwise too",
        "A handler runs alone, after everything else has stopped. A node that an edge or a trigger enters "
        "too would have to run in both ways.",
        _HANDLED + "edges:\n  - {from: work, to: alert}\n",
        _HANDLED,
    ),
    Entry(
        "WF290",
        "a part of the language is not compiled yet",
        "The definition is right, but this version cannot make a state machine of that part. It is refused, "
        "rather than left out in silence.",
        _CALL.replace("{id: keep,", "{id: keep, compensate_with: call,"),
        _CALL,
    ),
    Entry(
        "WF301",
        "no trigger reaches a node",
        "A run starts at the entry of the trigger that fired and follows the edges. What no way leads to is "
        "left out of the state machine.",
        _MANUAL.replace("edges:", "  - {id: lost, type: transform, parameters: {output: 1}}\nedges:"),
        _MANUAL,
    ),
)
