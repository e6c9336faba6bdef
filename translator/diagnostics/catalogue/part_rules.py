"""The codes of settings and names that do not do what they seem to: WF330 to WF339."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_CALL: Final = """\
id: hello
triggers:
  - {id: asked, type: webhook, path: hello}
nodes:
  - id: call
    type: http_request
    parameters: {url: "https://example.com"}
    timeout_seconds: 20
    retry_policy:
      - {errors: [Timeout], max_attempts: 2}
  - {id: late, type: transform, parameters: {output: late}}
  - {id: lost, type: transform, parameters: {output: lost}}
edges:
  - {from: call, port: error, errors: [Timeout], to: late}
  - {from: call, port: error, errors: [Network], to: lost}
"""
_VARIABLE: Final = """\
id: hello
variables: [{name: greeting, value: Hello}]
nodes:
  - {id: greet, type: transform, parameters: {output: "{% $greeting & ' ' & $trigger.body.name %}"}}
"""
_GREETING: Final = """\
id: hello
nodes:
  - {id: greet, type: transform, parameters: {output: "Hello {% $trigger.body.name %}"}}
"""
_HANDLED: Final = """\
id: hello
triggers: [{{id: by_hand, type: manual, entry: call}}]
error_handlers:
  - {{errors: {first}, node: alarm}}
  - {{errors: {second}, node: page}}
nodes:
  - {{id: call, type: http_request, parameters: {{url: "https://example.com"}}}}
  - {{id: alarm, type: transform, parameters: {{output: alarm}}}}
  - {{id: page, type: transform, parameters: {{output: page}}}}
"""

ENTRIES: Final = (
    Entry(
        "WF330",
        "a node is given more time than a function can have",
        "A Lambda function runs for at most 900 seconds, so a longer `timeout_seconds` would never be used "
        "up. What takes longer is best started by one node; another one asks for the result after a "
        "`delay`.",
        _CALL.replace("timeout_seconds: 20", "timeout_seconds: 3600"),
        _CALL,
    ),
    Entry(
        "WF331",
        "a setting that does nothing",
        "`timeout_seconds`, `retry_policy` and `effect` are about the call of a Lambda function. A node "
        "that Step Functions does by itself (transform, condition, delay, …) takes no time, changes nothing "
        "outside the run, and would give the same again.",
        _CALL.replace("output: late}}", "output: late}, retry_policy: {preset: default}}"),
        _CALL,
    ),
    Entry(
        "WF332",
        "two nodes share a name",
        "The name of a state is unique in its machine. Nodes of one name are shown as `Name (id)`.",
        _CALL.replace("{id: late,", "{id: late, name: Too bad,").replace(
            "{id: lost,", "{id: lost, name: Too bad,"
        ),
        _CALL.replace("{id: late,", "{id: late, name: Too bad,").replace(
            "{id: lost,", "{id: lost, name: Gone,"
        ),
    ),
    Entry(
        "WF333",
        "two webhooks take the same requests",
        "A request is told by its method and path, and starts one run. To start two nodes by one request, "
        "let its trigger enter a node that leads to both.",
        _CALL.replace("nodes:", "  - {id: again, type: webhook, path: hello}\nnodes:"),
        _CALL.replace("nodes:", "  - {id: again, type: webhook, path: hello/again}\nnodes:"),
    ),
    Entry(
        "WF334",
        "a variable that nothing reads",
        "It costs room in every run and misleads whoever reads the definition. Often the name is misspelt "
        "where it was to be read, or a node of that purpose was removed.",
        _VARIABLE.replace("$greeting", "'Hello'"),
        _VARIABLE,
    ),
    Entry(
        "WF335",
        "an error is named almost as a class is",
        "The classes are Network, Timeout, Validation, Permission, Throttled, System, Unknown and "
        "OutcomeUnknown, and a function may raise errors of names of its own. A name that nothing raises is "
        "never caught.",
        _CALL.replace("[Network]", "[NetworkError]"),
        _CALL,
    ),
    Entry(
        "WF336",
        "an error may not be asked for by that name",
        "`*` stands for every error; States.ALL and States.TaskFailed would also take what the compiled "
        "parts of a machine tell one another, which are errors that begin with `Steploom.`. An expression "
        "is no name, because which errors are caught is fixed before any run.",
        _CALL.replace("[Network]", "[States.ALL]"),
        _CALL.replace("[Network]", '["*"]'),
    ),
    Entry(
        "WF337",
        "an error edge is never taken",
        "A failure takes one error edge of its node. Those that name errors go before those that take all; "
        "of several such the first by the alphabet of their errors, then of their target, goes first. The "
        "order in the file decides nothing.",
        _CALL.replace("[Network]", "[Timeout]"),
        _CALL,
    ),
    Entry(
        "WF338",
        "an error handler never runs",
        "Of the handlers the first that takes a failure runs, in the order of the list. One that takes "
        "every error leaves nothing to those behind it.",
        _HANDLED.format(first='["*"]', second="[Timeout]"),
        _HANDLED.format(first="[Timeout]", second='["*"]'),
    ),
    Entry(
        "WF339",
        "a text that was surely meant to be evaluated",
        "Only what stands between `{%` and `%}` is evaluated; any other text stays as it is, also one that "
        "begins with `$`, and the braces of other languages mean nothing. Where the text itself is meant, "
        "write it as an expression: `{% '$trigger' %}`.",
        _GREETING.replace("{% $trigger.body.name %}", "{{ trigger.body.name }}"),
        _GREETING,
    ),
)
