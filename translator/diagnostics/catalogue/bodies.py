"""The codes of bodies: WF340 to WF349."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_SHIP: Final = """\
id: hello
nodes:
  - {id: ship_each, type: for_each, parameters: {items: "{% $trigger.body.lines %}"}}
  - {id: ship, parent: ship_each, type: transform, parameters: {output: "{% $item.id %}"}}
  - {id: thank, type: transform, parameters: {output: "{% $ship_each %}"}}
edges:
  - {from: ship_each, to: thank}
"""
_HANDLED: Final = """\
id: hello
error_handlers:
  - {of: ship_each, node: alarm}
nodes:
  - {id: ship_each, type: for_each, parameters: {items: "{% $trigger.body.lines %}"}}
  - {id: ship, parent: ship_each, type: transform, parameters: {output: "{% $item.id %}"}}
  - {id: alarm, type: transform, parameters: {output: alarm}}
"""
_BRANCHES: Final = """\
id: hello
nodes:
  - {id: prices, type: parallel, parameters: {branches: {near: ask_here}}}
  - {id: ask_here, parent: prices, type: transform, parameters: {output: 1}}
  - {id: ask_there, parent: prices, type: transform, parameters: {output: 2}}
"""
_COUNT: Final = """\
id: hello
variables: [{name: total, value: 0}]
nodes:
  - {id: each_line, type: for_each, parameters: {items: "{% $trigger.body.lines %}"}}
  - {id: price, parent: each_line, type: transform, parameters: {output: "{% $item.price %}"}}
  - {id: add_up, type: set_variable, parameters: {values: {total: "{% $total + $sum($each_line.price) %}"}}}
edges:
  - {from: each_line, to: add_up}
"""

_STOP: Final = """\
id: hello
nodes:
  - {id: each_line, type: for_each, parameters: {items: "{% $trigger.body.lines %}", mode: distributed}}
  - {id: price, parent: each_line, type: transform, parameters: {output: "{% $item.price %}"}}
  - {id: stop, parent: each_line, type: terminate, parameters: {status: failed}}
edges:
  - {from: price, to: stop, when: "{% $price > 100 %}"}
"""

_TWICE: Final = """\
id: hello
error_handlers:
  - {{of: ship_each, node: alarm}}
  - {{node: page}}
nodes:
  - {{id: ship_each, type: for_each, parameters: {{items: "{{% $trigger.body.lines %}}"}}}}
  - {{id: ship, parent: ship_each, type: transform, parameters: {{output: "{{% $item.id %}}"}}}}
  - {{id: alarm, type: transform, parameters: {{output: alarm}}}}
  - {{id: note, type: transform, parameters: {{output: note}}}}
  - {{id: page, type: transform, parameters: {{output: page}}}}
  - {{id: tell, type: transform, parameters: {{output: tell}}}}
edges:
  - {{from: alarm, to: note}}
  - {{from: page, to: tell}}
  - {{from: alarm, to: {target}}}
"""

ENTRIES: Final = (
    Entry(
        "WF340",
        "a node names a parent that has no body",
        "`parent` puts a node into the body of a `for_each`, `while` or `parallel`. No other node has a "
        "body, and no body is inside itself.",
        _SHIP.replace("parent: ship_each", "parent: thank"),
        _SHIP,
    ),
    Entry(
        "WF341",
        "a node has no body",
        "A `for_each`, `while` or `parallel` runs the nodes that name it as their `parent`. Without one "
        "there is nothing that it could do.",
        _SHIP.replace("parent: ship_each, ", "").replace("$item.id", "$trigger.body.id"),
        _SHIP,
    ),
    Entry(
        "WF342",
        "an edge leads into a body or out of one",
        "A body begins with its first nodes when its node runs, and the node goes on when the body has "
        "ended. So edges join nodes of one body only, and no trigger enters a body.",
        _SHIP.replace("from: ship_each, to", "from: ship, to"),
        _SHIP,
    ),
    Entry(
        "WF343",
        "an expression reads a node that is inside a body",
        "What is inside a body may run many times, or each time with other values. Outside only the output "
        "of the body's own node can be read, which holds what the body gives.",
        _SHIP.replace("{% $ship_each %}", "{% $ship %}"),
        _SHIP,
    ),
    Entry(
        "WF344",
        "`$item` or `$index` is read outside of a `for_each`",
        "Both have a value only in the body of a `for_each`: the item of the iteration, and its place.",
        _SHIP.replace("{% $ship_each %}", "{% $item %}"),
        _SHIP,
    ),
    Entry(
        "WF345",
        "an error handler of a body does not stand beside it",
        "With `of` an error handler takes the failures of one body. It runs once, beside that body's node, "
        "when the body has failed; so `of` names a node with a body, and the handler has the same `parent`.",
        _HANDLED.replace("id: alarm,", "id: alarm, parent: ship_each,"),
        _HANDLED,
    ),
    Entry(
        "WF346",
        "a branch of a `parallel` is named after no first node",
        "The connected parts of the body are the branches. Under `branches` each can be given a name, by the "
        "node that it begins with.",
        _BRANCHES.replace("near: ask_here", "near: ask"),
        _BRANCHES,
    ),
    Entry(
        "WF347",
        "a node in a `for_each` sets a variable",
        "Iterations run beside one another, and none would see what another one has set. Let each give a "
        "value, and set the variable behind the `for_each` from its output, the list of them.",
        _COUNT.replace(
            'transform, parameters: {output: "{% $item.price %}"}',
            'set_variable, parameters: {values: {total: "{% $total + $item.price %}"}}',
        ).replace("$sum($each_line.price)", "$count($each_line)"),
        _COUNT,
    ),
    Entry(
        "WF348",
        "an iteration that is an execution of its own cannot do this",
        "In the mode `distributed`, which `auto` takes for many items, each iteration is an execution of its "
        "own. From there nothing ends the run or cancels what is beside it, and an Express execution waits "
        "for no other one.",
        _STOP,
        _STOP.replace("mode: distributed", "mode: inline"),
    ),
    Entry(
        "WF349",
        "an edge leads from one handling to another",
        "What only the error handlers of one body lead to runs after that body's failure, what those of "
        "another body or of the workflow lead to after theirs. An edge between the two would never be taken.",
        _TWICE.format(target="tell"),
        _TWICE.format(target="note"),
    ),
)
