"""What authors write by mistake: expressions, names, values and types that do not fit."""

from __future__ import annotations

from typing import Any

EXPRESSIONS = [
    "{% $error %}",
    "{% $error.cause & 'x' %}",
    "{% $trigger.body.items[price > 10].(name & ': ' & $string(price)) %}",
    "{% $exists($charge) and $exists($trigger.body.x) %}",
    "{% ($x := $run.id; $f := function($n) { $n = 0 ? $x : $f($n - 1) }; $f(3)) %}",
    "{% $map([1..3], function($v, $i) { $v * $i }) %}",
    "{% {'a': nothing, 'b': [$trigger.body.x]} %}",
    "{% $states.input %}",
    "{% $$.x %}",
    "{% $ %}",
    "{% %}",
    "{% ( %}",
    "{% $fetch",
    "text {% $run.id %} and {% $trigger.body %}",
    "{% 1/0 %}",
    "{% /a+/ %}",
    "{% function($x) { $x } %}",
    '{% "%}" & "{%" %}',
    " {% true %}\n",
    "{% $sum %}",
    "{% $trigger ~> |$|{'a': 1}| %}",
    "{% $string($error) ~> $uppercase %}",
    "{% 'é𝄞\\u0000' %}",
]
ERRORS = ["*", "Timeout", "Network", "States.ALL", "States.Timeout", "Steploom.Terminated", "Mine", "NoMatch"]
LEGAL_ERRORS = ["*", "Timeout", "Network", "States.Timeout", "Mine", "NoMatch", "Lambda.Unknown"]
WHENS = [
    "{% $trigger.body.x = 1 %}",
    "{% true %}",
    "{% $error.error = 'Timeout' %}",
    "{% $trigger.body.items[price > 10] %}",
    "{% ($x := $run.id; $f := function($n) { $n = 0 ? $x : $f($n - 1) }; $f(3)) %}",
    "\n{% $trigger.body.x %}\n",
]
LEGAL: list[dict[str, Any]] = [
    {"type": "transform", "output": "{% $trigger.body.x %}"},
    {"type": "transform", "output": {"a": ["{% $trigger.x %}", {"b": None, "c": "at {% $run.id %}"}]}},
    {"type": "condition", "when": "{% $trigger.body.x = 1 %}"},
    {"type": "condition", "value": "{% $trigger %}", "cases": [{"port": "a", "one_of": [1, "%}"]}]},
    {"type": "condition", "cases": [{"port": "a", "when": "{% $error %}"}], "default": "a"},
    {"type": "delay", "seconds": "{% $trigger.body.n %}"},
    {"type": "delay", "until": "{% $trigger.body.t %}"},
    {"type": "delay", "days": 1, "hours": "{% 1 %}"},
    {"type": "terminate", "status": "failed", "cause": "{% $error.cause %}"},
    {"type": "terminate", "status": "succeeded", "output": "{% $trigger %}"},
    {"type": "function", "function": "f", "arguments": {"a": "{% $run %}"}},
    {"type": "http_request", "url": "https://example.com/{% $run.id %}"},
]
NAMES = ["A" * 200, "…", " ", "{% $x %}", "Charge the card", "$entry", "B + C"]
SCALARS: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    901,
    1.5,
    10**20,
    "",
    "x",
    "out",
    "error",
    "true",
    "default",
]
TYPES = [
    "transform",
    "set_variable",
    "condition",
    "delay",
    "terminate",
    "function",
    "http_request",
    "nothing",
]
PARAMETERS: list[dict[str, Any]] = [
    {},
    {"output": "{% $trigger %}"},
    {"output": {"a": ["{% $trigger.x %}", {"b": None}]}},
    {"values": {"shop": "{% $shop & 'x' %}"}},
    {"when": "{% $trigger.body.x = 1 %}"},
    {"value": "{% $trigger %}", "cases": [{"port": "a", "equals": 1}, {"port": "b", "one_of": [1, "x"]}]},
    {"cases": [{"port": "a", "when": "{% true %}"}], "default": "a"},
    {"seconds": "{% $trigger.body.n %}"},
    {"until": "{% $trigger.body.t %}"},
    {"days": 1, "hours": "{% 1 %}"},
    {"status": "failed", "cause": "{% $error.cause %}"},
    {"status": "succeeded", "output": "{% $trigger %}"},
    {"function": "f", "arguments": {"a": "{% $run %}"}},
    {"url": "https://example.com/{% $run.id %}"},
]
