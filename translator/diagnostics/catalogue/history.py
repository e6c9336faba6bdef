"""The codes of runs whose history would be too long: WF570 and WF571."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_ITEMS: Final = """\
id: import
nodes:
  - id: every_line
    type: for_each
    parameters: {items: "{% $trigger.body.lines %}", mode: inline, max_items: 20000}
  - {id: store, type: function, parent: every_line, parameters: {function: store}}
"""
_PAGES: Final = """\
id: pages
nodes:
  - id: all_pages
    type: while
    parameters: {condition: "{% $all_pages = null %}", output: "{% $fetch.body %}", max_iterations: 9000}
  - {id: fetch, type: http_request, parent: all_pages, parameters: {url: "https://example.com"}}
"""

ENTRIES: Final = (
    Entry(
        "WF570",
        "a run's history would be too long",
        "The history of an execution holds at most 25,000 events; an execution whose history is full fails, "
        "whatever it was doing. A call of a function takes five events, an iteration two or three more. "
        "Parts of a run are given to other executions, which have histories of their own; here that is not "
        "enough, because starting those takes too many events itself.",
        _ITEMS,
        _ITEMS.replace("inline", "distributed"),
    ),
    Entry(
        "WF571",
        "a run is split into several executions",
        "The history of an execution holds at most 25,000 events. Where the declared bounds let a run take "
        "more, parts of it run in other executions, which the run waits for: a loop some iterations at a "
        "time, an item of a list by itself. The run's timeline shows it as one.",
        _PAGES,
        _PAGES.replace("9000", "900"),
    ),
)
