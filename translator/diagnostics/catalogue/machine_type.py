"""The codes of choosing between an Express and a Standard state machine: WF370 and WF371."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_CHARGE: Final = """\
id: charge
nodes:
  - id: charge
    type: http_request
    parameters: {method: POST, url: "https://example.com/charges"}
settings: {type: express}
"""
_LOOK: Final = """\
id: look
nodes:
  - id: look
    type: http_request
    parameters: {url: "https://example.com/prices"}
settings: {type: auto}
"""

ENTRIES: Final = (
    Entry(
        "WF370",
        "an Express workflow has a part that Express cannot do",
        "An Express run may be begun again from its start and ends after five minutes at the latest. So "
        "every node has to be `read` or `idempotent`, nothing may wait for somebody or for another run, and "
        "no items may run in executions of their own.",
        _CHARGE,
        _CHARGE.replace("express", "standard"),
    ),
    Entry(
        "WF371",
        "which type of state machine the definition became",
        "With `type: auto` a workflow becomes an Express state machine, which costs less, if nothing in it "
        "speaks against that; else a Standard one. This note tells which, and the part that decided.",
        _LOOK,
        _LOOK.replace("auto", "express"),
    ),
)
