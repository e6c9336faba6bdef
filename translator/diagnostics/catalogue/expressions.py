"""The codes of texts with expressions: WF250 to WF261."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry


def _with(output: str) -> str:
    return f"""\
id: hello
nodes:
  - {{id: order, type: transform, parameters: {{output: {{total: 5, items: [1, 2]}}}}}}
  - id: reply
    type: transform
    parameters:
      output: "{output}"
edges:
  - {{from: order, to: reply}}
"""


ENTRIES: Final = (
    Entry(
        "WF250",
        "an expression has no end",
        "An expression stands between `{%` and `%}`. Text with only the first of the two is most likely a "
        "typo.",
        _with("{% $order.total"),
        _with("{% $order.total %}"),
    ),
    Entry(
        "WF251",
        "an expression is empty",
        "Nothing stands between `{%` and `%}`.",
        _with("{% %}"),
        _with("{% $order.total %}"),
    ),
    Entry(
        "WF252",
        "an expression cannot be read",
        "Expressions are JSONata. Habits from other languages that JSONata does not share: `==` is `=`, "
        "`&&` is `and`, `||` is `or`, `!x` is `$not(x)`, and `+` does not join texts (`&` does).",
        _with("{% $order.total == 5 %}"),
        _with("{% $order.total = 5 %}"),
    ),
    Entry(
        "WF253",
        "a function that Step Functions does not have",
        "Step Functions takes JSONata 2.0.6 without `$eval`. JSON text is read with `$parse`.",
        _with("{% $eval('[1, 2]') %}"),
        _with("{% $parse('[1, 2]') %}"),
    ),
    Entry(
        "WF254",
        "an operator that Step Functions does not have",
        "`??` and `?:` came with JSONata 2.1; Step Functions takes 2.0.6.",
        _with("{% $order.discount ?? 0 %}"),
        _with("{% $exists($order.discount) ? $order.discount : 0 %}"),
    ),
    Entry(
        "WF255",
        "`$` without a value",
        "`$` and `$$` are the value that an expression is applied to. Step Functions applies it to nothing, "
        "so they mean something only inside a path, a predicate or a transform, as in `$order.items[$ > "
        "1]`.",
        _with("{% $.total %}"),
        _with("{% $order.total %}"),
    ),
    Entry(
        "WF256",
        "a function that does not exist",
        "JSONata's functions begin with `$` and are written as in its documentation, with capitals: "
        "`$substringAfter`. An expression can define functions of its own: `($double := function($n){ $n * "
        "2 }; …)`.",
        _with("{% $summ($order.items) %}"),
        _with("{% $sum($order.items) %}"),
    ),
    Entry(
        "WF257",
        "an expression is nested too deeply, or its text is too long",
        "Step Functions evaluates 100 constructs inside one another, and each operator in a row such as "
        "`$a + $b + $c` counts as inside the next; 90 are left for an expression, and 120 for the steps of a "
        "path. A text with expressions may have 100,000 characters.",
        _with("{% " + "(" * 130 + "1" + ")" * 130 + " %}"),
        _with("{% 1 %}"),
    ),
    Entry(
        "WF258",
        "a field is read from nothing",
        "A name without `$` is a field of the value that the expression is applied to, and Step Functions "
        "applies it to nothing. Outputs of nodes and variables begin with `$`; texts stand in quotes.",
        _with("{% order.total %}"),
        _with("{% $order.total %}"),
    ),
    Entry(
        "WF259",
        "an expression gives a variable a reserved name",
        "The compiler replaces names such as `$trigger` by where the value is kept, and makes names with "
        "two underscores in a row; a variable of that name inside an expression would get in the way.",
        _with("{% ($run := 5; $run * 2) %}"),
        _with("{% ($this_run := 5; $this_run * 2) %}"),
    ),
    Entry(
        "WF260",
        "a name that may mean two things",
        "JSONata looks a name up when it needs it. In a function that is defined before a variable is "
        "bound, the name is the one from outside until then, and the variable afterwards. Where a node or "
        "variable of the workflow has that name too, the expression must use another one.",
        _with("{% ($f := function(){ $order.total }; $order := $f(); $order) %}"),
        _with("{% ($f := function(){ $order.total }; $first := $f(); $first) %}"),
    ),
    Entry(
        "WF261",
        "an expression gives a function",
        "A function, a regular expression too, is no value that a run can keep or that a service can be "
        "sent. It is called, or given to a function that takes one.",
        _with("{% /[0-9]+/ %}"),
        _with("{% $match($string($order.total), /[0-9]+/) %}"),
    ),
)
