"""The codes of a workflow's `input`: WF380 to WF382."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_GREETING: Final = """\
id: hello
input:
  type: object
  properties: {name: {$ref: "#/$defs/name"}}
  required: [name]
  $defs: {name: {type: string, maxLength: 40}}
nodes:
  - {id: greet, type: transform, parameters: {output: "Hello {% $trigger.body.name %}"}}
tests:
  - {name: somebody is greeted, trigger: {body: {name: Ada}}, expect: {status: succeeded}}
"""

ENTRIES: Final = (
    Entry(
        "WF380",
        "The input is no JSON Schema",
        "`input` describes by JSON Schema (2020-12 unless its `$schema` says otherwise) which bodies start a "
        "run; what is no schema could refuse nothing, or everything.",
        _GREETING.replace("maxLength: 40", "maxLength: forty"),
        _GREETING,
    ),
    Entry(
        "WF381",
        "The input refers to another document",
        "A payload is checked when it arrives, and nothing is fetched for that: a schema holds all that it "
        "refers to.",
        _GREETING.replace("#/$defs/name", "https://example.com/name.json"),
        _GREETING,
    ),
    Entry(
        "WF382",
        "A test sends what the input refuses",
        "A body that does not fit the workflow's `input` never starts a run, so a test of such a run tests "
        "what cannot happen.",
        _GREETING.replace("body: {name: Ada}", "body: {name: 7}"),
        _GREETING,
    ),
)
