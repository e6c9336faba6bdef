"""The codes of workflow triggers and polls: WF680 to WF686."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_AFTER: Final = """\
id: invoice
triggers:
  - {id: both, type: workflow, after: [orders, stock], key: "{% $item.output.order %}"}
nodes:
  - {id: write, type: transform, parameters: {output: "{% $trigger.body %}"}}
"""
_POLL: Final = """\
id: intake
triggers:
  - {id: feed, type: poll, every: 5 minutes, request: {url: "https://example.com"}, items: orders, key: id}
nodes:
  - {id: take, type: transform, parameters: {output: "{% $trigger.body %}"}}
"""

ENTRIES: Final = (
    Entry(
        "WF680",
        "A trigger selects by what cannot be read",
        "`items`, `key` and `cursor` are paths or one whole expression, which is evaluated before there is a "
        "run: over `$item`, for `items` over `$answer` and `$cursor`; a poll's request may read `$cursor`.",
        _AFTER.replace("$item.output", "$trigger.body"),
        _AFTER,
    ),
    Entry(
        "WF681",
        "A workflow that starts after itself",
        "Each of its runs would start another one, without end. Cycles over several workflows are refused at "
        "activation, and by `steploom check` over their folder.",
        _AFTER.replace("[orders,", "[invoice,"),
        _AFTER,
    ),
    Entry(
        "WF682",
        "A workflow starts what it comes after",
        "The run that it starts ends, and starts this workflow again. Only a condition can end that.",
        _AFTER + "  - {id: again, type: workflow, parameters: {workflow: orders, wait: false}}\n",
        _AFTER + "  - {id: again, type: workflow, parameters: {workflow: posting, wait: false}}\n",
    ),
    Entry(
        "WF683",
        "A workflow trigger says what does nothing",
        "`key` and `within_seconds` tell which ends belong together: of several workflows, with `when: all`.",
        _AFTER.replace("key:", "when: any, key:"),
        _AFTER,
    ),
    Entry(
        "WF684",
        "The interval of a poll cannot be read",
        "It is written like the `rate` of a schedule: a count and a unit, a minute at least.",
        _POLL.replace("5 minutes", "30 seconds"),
        _POLL,
    ),
    Entry(
        "WF685",
        "The request of a poll cannot be sent",
        "It has the parameters of the node type `http_request`, and a method that may be repeated.",
        _POLL.replace("https://", "ftp://"),
        _POLL,
    ),
    Entry(
        "WF686",
        "A poll that cannot tell new from old",
        "`detect: key` needs a `key`, `detect: cursor` a `cursor`; `detect: hash` compares contents, with a "
        "`key` those of one item.",
        _POLL.replace(", key: id", ""),
        _POLL,
    ),
)
