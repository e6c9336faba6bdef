"""The codes of limits on how many runs are under way at once: WF650 and WF651."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_CHARGE: Final = """\
id: charge
nodes:
  - {id: total, type: transform, parameters: {output: 1}}
settings:
  concurrency: {limit: 3, key: "{% $trigger.body.customer %}"}
"""
_LATEST: Final = """\
id: latest
nodes:
  - {id: total, type: transform, parameters: {output: 1}}
settings:
  concurrency: {limit: 3, on_limit: skip, priority: 7}
"""

ENTRIES: Final = (
    Entry(
        "WF650",
        "The key of a limit is more than fields and text",
        "The key is read off `$trigger` before the run starts, by functions that have to answer at once and "
        "so bring no evaluator of expressions. It is made of fields of `$trigger` and of text beside them.",
        _CHARGE.replace("$trigger.body.customer", "$lowercase($trigger.body.customer)"),
        _CHARGE,
    ),
    Entry(
        "WF651",
        "A priority that orders nothing",
        "`priority` tells which of the runs that wait begins first. With `skip` and `cancel_oldest` none "
        "waits for another to end.",
        _LATEST,
        _LATEST.replace("skip", "queue"),
    ),
)
