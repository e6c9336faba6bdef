"""The codes of nodes that run another workflow: WF375, WF376."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_RETRYING: Final = """\
id: hello
nodes:
  - id: greet
    type: workflow
    parameters: {workflow: greeting}
    retry_policy:
      - {errors: ["*"], max_attempts: 2}
"""
_ENDLESS: Final = """\
id: hello
nodes:
  - {id: more, type: condition, parameters: {when: "{% $trigger.body.left > 0 %}"}}
  - {id: again, type: workflow, parameters: {workflow: hello, body: {left: "{% $trigger.body.left - 1 %}"}}}
edges:
  - {from: more, port: "true", to: again}
"""

ENTRIES: Final = (
    Entry(
        "WF375",
        "A sub-run is tried again by error class",
        "Of a run that failed Step Functions only says that it failed, so a retry cannot choose by class: an "
        "error edge can, and the nodes of the other workflow can.",
        _RETRYING.replace('["*"]', "[Timeout]"),
        _RETRYING,
    ),
    Entry(
        "WF376",
        "A workflow runs itself in every run",
        "Nothing decides against it, so each run starts another one, without end.",
        """\
id: hello
nodes:
  - {id: again, type: workflow, parameters: {workflow: hello, wait: false}}
""",
        _ENDLESS,
    ),
)
