"""The code of a `join: first` that cannot cut short what runs before it: WF350."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_RACE: Final = """\
id: example
nodes:
  - {id: near, type: http_request, parameters: {url: "https://example.com/near"}}
  - {id: far, type: http_request, parameters: {url: "https://example.com/far"}}
  - {id: use, type: transform, join: first, parameters: {output: "{% $near %}"}}
  - {id: log, type: delay, parameters: {seconds: 1}}
edges:
  - {from: near, to: use}
  - {from: far, to: use}
"""

ENTRIES: Final = (
    Entry(
        "WF350",
        "what would be cut short leads elsewhere too",
        "`join: first` runs as soon as the first of its edges is taken, and cancels what else runs between "
        "the fork and the join. Where something in between also leads to another node, that node would be "
        "cancelled with it, or hold up the join.",
        _RACE + "  - {from: far, to: log}\n",
        _RACE + "  - {from: use, to: log}\n",
    ),
)
