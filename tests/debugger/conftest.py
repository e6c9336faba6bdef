"""Sessions of small workflows, with answers that are fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from translator.compiler import CompileOptions, compile_text
from translator.debugger import Answers, Debugger, Outside, Start, input_of, launch_of, program_of
from translator.definition.model import MockAnswer

BEGIN = 1_767_225_600.0
NAME = "main-orders-20260101T000000-00000000"

ORDERS = """\
id: orders
variables:
  - {name: limit, type: number, value: 100}
triggers:
  - {id: asked, type: webhook, path: orders}
nodes:
  - {id: price, type: transform, parameters: {output: "{% {'total': $trigger.body.total} %}"}}
  - {id: reserve, type: function, parameters: {function: reserve, arguments: {total: "{% $price.total %}"}}}
  - id: charge
    type: function
    name: Charge the card
    parameters: {function: charge, arguments: {amount: "{% $price.total %}"}}
    retry_policy:
      - {errors: [Timeout], max_attempts: 2, interval_seconds: 2}
  - {id: large, type: condition, parameters: {when: "{% $price.total > $limit %}"}}
  - {id: ship, type: function, parameters: {function: ship, arguments: {paid: "{% $charge.id %}"}}}
  - {id: gift, type: transform, parameters: {output: "{% {'to': $charge.id} %}"}}
  - {id: release, type: function, parameters: {function: release, arguments: {of: "{% $reserve.id %}"}}}
edges:
  - {from: price, to: reserve}
  - {from: reserve, to: charge}
  - {from: charge, to: large}
  - {from: charge, port: error, errors: [Timeout], to: release}
  - {from: large, port: "true", to: gift}
  - {from: large, port: "false", to: ship}
  - {from: charge, to: ship, when: "{% $price.total > 1000 %}"}
output: {shipped: "{% $ship %}", gift: "{% $gift.to %}", released: "{% $release %}"}
"""

Made = Callable[..., Debugger]


class Calls:
    """The project's functions: each answers its name and what it was given; the calls are counted."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        self.made.append(payload["node"])
        return {
            "output": {"id": f"{payload['node']}-{payload['attempt']}", **payload["parameters"]["arguments"]}
        }


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def debugger(calls: Calls) -> Made:
    """A session of a definition, by default the one above with a total of 50."""

    def made(
        text: str = ORDERS,
        body: Any = None,
        *,
        optimize: Any = 0,
        live: bool = True,
        mocks: Mapping[str, Any] | None = None,
    ) -> Debugger:
        compilation = compile_text(text, file_name="orders.yaml", options=CompileOptions(optimize=optimize))
        program = program_of(compilation, file_name="orders.yaml")
        trigger = next(iter(compilation.definition.triggers), None)
        value = {
            "id": trigger.id if trigger else "manual",
            "type": trigger.type if trigger else "manual",
            "body": {"total": 50} if body is None else body,
        }
        start = Start(NAME, input_of(program, value), BEGIN)
        answers = {name: MockAnswer.model_validate(answer) for name, answer in (mocks or {}).items()}
        return Debugger(program, launch_of(program, start), Answers(Outside(calls, answers), live))

    return made
