"""The codes of names and fields that do not go together: WF120 to WF127."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_NODE: Final = """\
id: hello
nodes:
  - {id: greet, type: transform, parameters: {output: "{% 'hello' %}"}}
"""
_TWO_NODES: Final = _NODE + "  - {id: part, type: transform, parameters: {output: bye}}\n"

ENTRIES: Final = (
    Entry(
        "WF120",
        "a name is given twice",
        "Nodes and variables share one namespace, because both are read as `$name`. Triggers have one of "
        "their own, and so have tests.",
        f"{_NODE}variables:\n  - {{name: greet, value: 1}}\n",
        f"{_NODE}variables:\n  - {{name: greetings, value: 1}}\n",
    ),
    Entry(
        "WF121",
        "a name is reserved",
        "A node called `sum` would hide the function `$sum`. Also reserved are `states`, `trigger`, `run`, "
        "`item`, `index`, `error`, and names with two underscores in a row, which the compiler makes.",
        _NODE.replace("greet", "sum"),
        _NODE.replace("greet", "sum_node"),
    ),
    Entry(
        "WF122",
        "exactly one of several fields is needed",
        "A schedule has one of `cron`, `rate` and `at`; an action of `on_end` has one of `emit`, `start` "
        "and `notify`. For two of them, write two entries.",
        f"{_NODE}on_end:\n  - {{on: failed, emit: greeting.failed, notify: team}}\n",
        f"{_NODE}on_end:\n  - {{on: failed, emit: greeting.failed}}\n  - {{on: failed, notify: team}}\n",
        also=("WF290",),
    ),
    Entry(
        "WF123",
        "`errors` on an edge that is not an error edge",
        "`errors` says which failures an edge catches, so it means something only on an edge of the port "
        "`error`.",
        f"{_TWO_NODES}edges:\n  - {{from: greet, to: part, errors: [Timeout]}}\n",
        f"{_TWO_NODES}edges:\n  - {{from: greet, to: part}}\n",
    ),
    Entry(
        "WF124",
        "a variable's value is not of its type",
        "The type is what expressions may rely on; the value is where the variable begins.",
        f"{_NODE}variables:\n  - {{name: limit, type: number, value: many}}\n",
        f"{_NODE}variables:\n  - {{name: limit, type: number, value: 100}}\n",
    ),
    Entry(
        "WF125",
        "how a webhook is verified is not complete",
        "Every preset but `none` needs the name of a `secret`, or a list of names while one replaces "
        "the other; the preset `header` also needs the name of the `header`.",
        f"{_NODE}triggers:\n  - {{id: hook, type: webhook, path: hello, verify: {{preset: github}}}}\n",
        f"{_NODE}triggers:\n  - {{id: hook, type: webhook, path: hello, verify: {{preset: github, "
        f"secret: hook}}}}\n",
    ),
    Entry(
        "WF126",
        "a time is not well formed",
        "Times are written as in ISO 8601, with the offset from UTC: `Z` or `+02:00`.",
        f"{_NODE}tests:\n  - {{name: greets, start: tomorrow, expect: {{status: succeeded}}}}\n",
        f'{_NODE}tests:\n  - {{name: greets, start: "2026-01-31T09:00:00Z", expect: {{status: '
        f"succeeded}}}}\n",
    ),
    Entry(
        "WF127",
        "a mock gives both an output and an error",
        "One attempt either succeeds or fails. For a failure and then a success give a list, one answer per "
        "attempt.",
        f"{_NODE}tests:\n  - name: greets\n    mocks: {{greet: {{output: 1, error: Timeout}}}}\n"
        f"    expect: {{}}\n",
        f"{_NODE}tests:\n  - name: greets\n    mocks: {{greet: [{{error: Timeout}}, {{output: 1}}]}}\n"
        f"    expect: {{}}\n",
    ),
)
