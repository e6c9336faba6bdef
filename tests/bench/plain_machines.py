"""State machines that only compute: each ends with a value that is known beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from translator.json_value import JsonValue

_LONG: Final = 100
_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class PlainMachine:
    """A definition, what it is given, what comes out and how many states one run enters."""

    name: str
    definition: dict[str, Any]
    data: JsonValue
    output: JsonValue
    states: int


def _machine(start: str, states: dict[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": start, "States": states}


def _chain() -> PlainMachine:
    states: dict[str, Any] = {"Start": {"Type": "Pass", "Assign": {"x": 0}, "Next": "S0"}}
    for index in range(_LONG):
        target = {"Next": f"S{index + 1}"} if index < _LONG - 1 else {"Next": "End"}
        states[f"S{index}"] = {"Type": "Pass", "Assign": {"x": f"{{% $x + {index} %}}"}, **target}
    states["End"] = {"Type": "Succeed", "Output": "{% $x %}"}
    return PlainMachine("chain", _machine("Start", states), {}, sum(range(_LONG)), _LONG + 2)


def _loop() -> PlainMachine:
    states = {
        "Start": {"Type": "Pass", "Assign": {"turn": 0}, "Next": "Again?"},
        "Again?": {
            "Type": "Choice",
            "Choices": [{"Condition": f"{{% $turn < {_LONG} %}}", "Next": "Turn"}],
            "Default": "End",
        },
        "Turn": {"Type": "Pass", "Assign": {"turn": "{% $turn + 1 %}"}, "Next": "Again?"},
        "End": {"Type": "Succeed", "Output": "{% $turn %}"},
    }
    return PlainMachine("loop", _machine("Start", states), {}, _LONG, 2 * _LONG + 3)


def _map() -> PlainMachine:
    double = {"Type": "Pass", "Output": "{% $states.input * 2 %}", "End": True}
    states = {
        "Each": {
            "Type": "Map",
            "Items": "{% $states.input %}",
            "ItemProcessor": {"StartAt": "Double", "States": {"Double": double}},
            "End": True,
        }
    }
    items: list[JsonValue] = list(range(_LONG))
    return PlainMachine("map", _machine("Each", states), items, [2 * n for n in range(_LONG)], _LONG + 1)


def _orders() -> PlainMachine:
    """What a transform of a real workflow does: filter, sort and sum over lines of an order."""
    lines: list[JsonValue] = [{"sku": f"sku-{n}", "price": n, "quantity": 2} for n in range(_LINES)]
    total = sum(2 * n for n in range(_LINES) if n >= _LINES // 2)
    states = {
        "Dear": {
            "Type": "Pass",
            "Assign": {"dear": f"{{% [$states.input.lines[price >= {_LINES // 2}]] %}}"},
            "Next": "Total",
        },
        "Total": {
            "Type": "Pass",
            "Assign": {"total": "{% $sum($dear.(price * quantity)) %}"},
            "Next": "Large?",
        },
        "Large?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $total > 100 %}", "Next": "Label"}],
            "Default": "Label",
        },
        "Label": {
            "Type": "Pass",
            "Output": {"total": "{% $total %}", "lines": "{% $count($dear) %}"},
            "End": True,
        },
    }
    output: JsonValue = {"total": total, "lines": _LINES - _LINES // 2}
    return PlainMachine("orders", _machine("Dear", states), {"lines": lines}, output, 4)


MACHINES: Final = (_chain(), _loop(), _map(), _orders())
