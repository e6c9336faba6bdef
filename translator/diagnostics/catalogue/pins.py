"""The codes of nodes that are pinned: WF360 to WF364, and WF630."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_CASE: Final = """\
id: hello
triggers: [{id: asked, type: webhook, path: hello, entry: price}, {id: by_hand, type: manual, entry: greet}]
nodes:
  - {id: price, type: http_request, parameters: {url: "https://example.com"}}
  - {id: dear, type: condition, parameters: {when: "{% $price.body.total > 100 %}"}}
  - {id: greet, type: transform, parameters: {output: "{% $trigger.body.name %}"}}
  - {id: refuse, type: terminate, parameters: {status: failed}}
edges:
  - {from: price, to: dear}
  - {from: price, port: error, errors: [Timeout], to: greet}
  - {from: dear, port: "false", to: greet}
  - {from: dear, port: "true", to: refuse}
error_handlers: [{node: told}]
tests:
  - name: a price that is known
    pins: PINS
    expect: {status: succeeded}
"""
_DEFINITION: Final = _CASE.replace(
    "edges:", '  - {id: told, type: transform, parameters: {output: "{% $error.cause %}"}}\nedges:'
)
_VARIABLE: Final = """\
id: hello
variables: [{name: limit, type: number, value: 10}]
nodes:
  - {id: greet, type: transform, parameters: {output: "{% $limit %}"}}
tests:
  - name: a higher limit
    variables: {limit: VALUE}
    expect: {status: succeeded}
"""
_READING: Final = """\
id: hello
nodes:
  - {id: price, type: http_request, parameters: {url: "https://example.com"}}
  - {id: stock, type: http_request, parameters: {url: "https://example.com/stock"}}
  - {id: greet, type: transform, parameters: {output: "{% $price.body.total %}"}}
edges:
  - {from: price, to: stock}
  - {from: stock, to: greet}
tests:
  - name: what is in stock is known
    pins: {stock: {output: {status: 200}}}
    mocks: {price: {output: {body: {total: 1}}}}
    expect: {status: succeeded}
"""


def _with(pins: str) -> str:
    return _DEFINITION.replace("PINS", pins)


_GOOD: Final = _with('{price: {output: {body: {total: 20}}}, dear: {output: {port: "false"}}}')

ENTRIES: Final = (
    Entry(
        "WF360",
        "A pin names what is not there",
        "A node that is pinned, a variable that is given another value or the trigger whose run it is must "
        "be one of the workflow.",
        _with("{prize: {output: {body: {total: 20}}}}"),
        _GOOD,
    ),
    Entry(
        "WF361",
        "A pinned node cannot have ended so",
        "A condition's output says which port it took, a node that failed needs an error edge that takes its "
        "error, and `terminate` would have ended the run.",
        _with("{price: {output: {body: {total: 20}}}, dear: {output: true}}"),
        _GOOD,
    ),
    Entry(
        "WF362",
        "What is read does not run before its reader any more",
        "A pinned node takes its edges at the start of the run, so what came before it no longer comes "
        "before what follows it, and does not run at all where it leads nowhere else. What reads such a node "
        "would find nothing.",
        _READING,
        _READING.replace("pins: {", "pins: {price: {output: {body: {total: 1}}}, ").replace(
            "    mocks: {price: {output: {body: {total: 1}}}}\n", ""
        ),
    ),
    Entry(
        "WF363",
        "It is not clear what a pin means",
        "A handler runs only after a failure, so it cannot have ended before the run; of a loop's node "
        "nobody knows which iteration it ended in; and where triggers enter different nodes, pins do not "
        "tell what else is to run.",
        _with("{told: {output: called}}"),
        _GOOD,
    ),
    Entry(
        "WF364",
        "The pins are too large",
        "The outputs of pinned nodes are part of the run's input, of which the service takes 256 KiB.",
        _with("{price: {output: {body: {total: 20, note: LONG}}}}").replace("LONG", "x" * 300_000),
        _GOOD,
    ),
    Entry(
        "WF630",
        "A variable is given a value of another type",
        "Who retries a run, or tests one, may begin with other values of variables, but of their types.",
        _VARIABLE.replace("VALUE", "dear"),
        _VARIABLE.replace("VALUE", "20"),
    ),
)
