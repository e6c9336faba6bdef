"""The codes of what a graph means: WF302, WF310 to WF314, WF401, WF501, WF502."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_TWO: Final = """\
id: hello
output: "{% $tries %}"
variables: [{name: tries, value: 0}]
nodes:
  - {id: first, type: set_variable, parameters: {values: {tries: 1}}}
  - {id: second, type: set_variable, parameters: {values: {tries: 2}}}
"""
_CHAIN: Final = _TWO + "edges:\n  - {from: first, to: second}\n"
_READING: Final = """\
id: hello
nodes:
  - {id: first, type: transform, parameters: {output: 1}}
  - {id: second, type: transform, parameters: {output: "{% $first + 1 %}"}}
"""
_FAILING: Final = """\
id: hello
nodes:
  - {id: call, type: http_request, parameters: {url: "https://example.com"}}
  - {id: told, type: transform, parameters: {output: "{% $error.cause %}"}}
edges:
  - {from: call, to: told}
"""
_JOIN: Final = """\
id: hello
nodes:
  - {id: asked, type: condition, parameters: {when: "{% $trigger.body %}"}}
  - {id: loud, type: transform, parameters: {output: HELLO}}
  - {id: soft, type: transform, parameters: {output: hello}}
  - {id: said, type: transform, join: all, parameters: {output: done}}
edges:
  - {from: asked, port: "true", to: loud}
  - {from: asked, port: "false", to: soft}
  - {from: loud, to: said}
  - {from: soft, to: said}
"""
_CROSSING: Final = """\
id: hello
nodes:
  - {id: left, type: http_request, parameters: {url: "https://example.com/1"}}
  - {id: right, type: http_request, parameters: {url: "https://example.com/2"}}
  - {id: both, type: http_request, parameters: {url: "https://example.com/3"}}
  - {id: alone, type: http_request, parameters: {url: "https://example.com/4"}}
edges:
  - {from: left, to: both}
  - {from: right, to: both}
  - {from: right, to: alone}
"""
_LARGE: Final = f"""\
id: hello
nodes:
  - id: many
    type: transform
    parameters:
      output:
        few: &few ["{"many " * 1000}"]
        some: &some [{"*few, " * 15}*few]
        all: [{"*some, " * 16}*some]
"""
_SPLIT: Final = f"""\
id: hello
nodes:
  - id: send
    type: http_request
    parameters:
      method: POST
      url: https://example.com
      body:
        few: &few ["{"many " * 1000}"]
        some: &some [{"*few, " * 15}*few]
        all: &all [{"*some, " * 6}*some]
  - id: again
    type: http_request
    parameters: {{method: POST, url: "https://example.com", body: *all}}
edges:
  - {{from: send, to: again}}
"""

_SIDE: Final = """\
id: example
nodes:
  - {id: before, type: delay, parameters: {seconds: 1}}
  - {id: work, type: delay, parameters: {seconds: 1}}
  - {id: again, type: condition, parameters: {when: "{% $trigger.body.again %}"}}
  - {id: side, type: delay, parameters: {seconds: 1}}
edges:
  - {from: before, to: work}
  - {from: work, to: again}
  - {from: work, to: side}
  - {from: again, port: "true", to: work}
"""

ENTRIES: Final = (
    Entry(
        "WF302",
        "a loop can be entered at more than one node",
        "An edge that leads back repeats the part of the graph between its ends. Where that part can be "
        "entered at several nodes its edges are plain jumps, which has a meaning only if no two "
        "of them can be taken together and no node in it waits for several.",
        _SIDE + "triggers:\n  - {id: one, type: manual, entry: before}\n"
        "  - {id: other, type: manual, entry: again}\n",
        _SIDE + "triggers:\n  - {id: one, type: manual, entry: before}\n",
    ),
    Entry(
        "WF303",
        "a side branch of a loop is also reached from outside",
        "What an iteration starts beside the way back belongs to the iteration and runs in each. If "
        "something outside the loop leads to it too, it would have to run both in every iteration and once.",
        _SIDE + "  - {from: before, to: side}\n",
        _SIDE,
    ),
    Entry(
        "WF304",
        "a loop never ends",
        "Whatever is decided in an iteration, its last edge leads back to the start: the run would go on "
        "until the service stops it.",
        _CHAIN + "  - {from: second, to: first}\ntriggers:\n  - {id: one, type: manual, entry: first}\n",
        _SIDE,
    ),
    Entry(
        "WF310",
        "a node is read that can never have finished",
        "An expression sees the outputs of nodes that come before its own. A node beside it, or after it, "
        "has none yet.",
        _READING,
        _READING + "edges:\n  - {from: first, to: second}\n",
    ),
    Entry(
        "WF311",
        "`$error` is read where no failure leads",
        "Behind an error edge `$error` holds the name of the failure, its cause and the node. Elsewhere it "
        "is null.",
        _FAILING,
        _FAILING.replace("from: call,", "from: call, port: error,"),
    ),
    Entry(
        "WF312",
        "two nodes beside each other set one variable",
        "They run at the same time, so nobody could say which value is left.",
        _TWO,
        _CHAIN,
    ),
    Entry(
        "WF313",
        "a variable is set that the workflow does not have",
        "Every variable is declared under `variables`, with the value that it begins with.",
        _CHAIN.replace("{tries: 2}", "{tires: 2}"),
        _CHAIN,
    ),
    Entry(
        "WF314",
        "a node waits for edges that are never taken together",
        "`join: all` runs a node if all of its edges were taken. A condition takes one port only, so behind "
        "two of them the node would never run.",
        _JOIN,
        _JOIN.replace("join: all", "join: any"),
    ),
    Entry(
        "WF401",
        "a part will wait for another that the graph did not ask for",
        "Step Functions nests what runs side by side. Where edges cross, one part has to wait at a barrier. "
        "The result is the same; only the run may take longer.",
        _CROSSING,
        _CROSSING.replace("  - {from: right, to: alone}\n", "  - {from: both, to: alone}\n"),
    ),
    Entry(
        "WF501",
        "the state machine is too large",
        "Step Functions takes at most 1 MB of definition. What is large is nearly always fixed data, which "
        "a function can read when it runs.",
        _LARGE,
        _LARGE.replace("*some, " * 16, ""),
    ),
    Entry(
        "WF502",
        "a workflow is split into several state machines",
        "Step Functions takes at most 1 MB of definition. A larger workflow is cut where few values pass: "
        "its own machine starts machines that run the parts, and waits for them.",
        _SPLIT,
        _SPLIT.replace("*some, " * 6, ""),
    ),
)
