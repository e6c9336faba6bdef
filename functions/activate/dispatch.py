"""Answers what the API asks of activation; a problem is an answer too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.activate.activation import Activator, Order, activate, check
from functions.activate.comparison import compare
from functions.activate.pinning import PinRequest, pin
from functions.activate.shifting import roll_back, split
from layers.runtime.errors import RuntimeProblemError
from layers.runtime.json_value import JsonValue


def answer(request: Mapping[str, Any], activator: Activator) -> dict[str, JsonValue]:
    """Does what `action` says: `check` a `text` in a `format`, or of a `workflow`, for whom `by` names:

    `activate` it (`tests`: the least policy), `rollback` to a `version`, `split` its runs with a `version` by
    `weight`, `diff` its versions `old` and `new`, `pin` its nodes (with the fields of PinRequest). The answer
    is what was asked for, or `{"problem": …}` with an RFC 9457 problem. Any other action is a bug of the
    caller: ValueError.
    """
    try:
        match request["action"]:
            case "check":
                return check(activator.compile, request["text"], request["format"], activator.store.project)
            case "activate":
                order = Order(request.get("by", ""), request.get("tests") or "off")
                return activate(activator, request["workflow"], order)
            case "rollback":
                return roll_back(activator, request["workflow"], request["version"], request["by"])
            case "split":
                return split(
                    activator, request["workflow"], request["version"], request["weight"], request["by"]
                )
            case "diff":
                return compare(activator, request["workflow"], request["old"], request["new"])
            case "pin":
                return pin(activator, PinRequest.of(request))
            case action:
                raise ValueError(f"there is no action '{action}'")
    except RuntimeProblemError as error:
        return {"problem": error.problem.to_json()}
