"""Answers what the API asks of activation; a problem is an answer too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.activate.activation import Activator, activate, check
from functions.activate.firing.arming import arm
from functions.activate.firing.next_times import next_times
from functions.activate.pinning import PinRequest, pin
from layers.runtime.errors import RuntimeProblemError
from layers.runtime.json_value import JsonValue


def answer(request: Mapping[str, Any], activator: Activator) -> dict[str, JsonValue]:
    """Does `{"action": "check", "text", "format"}`, or `activate`, `arm` or `next_times` of a `workflow`.

    Or `{"action": "pin", …}`, with the fields of PinRequest.
    `arm` brings what fires its triggers to what the workflow is now: active, paused or deleted. The answer
    is what was asked for, or `{"problem": …}` with an RFC 9457 problem. Any other action is a bug of the
    caller: ValueError.
    """
    try:
        match request["action"]:
            case "check":
                return check(activator.compile, request["text"], request["format"], activator.store.project)
            case "activate":
                return activate(activator, request["workflow"])
            case "arm":
                arm(activator.arming, request["workflow"])
                return {"workflow": request["workflow"]}
            case "next_times":
                return {"next_times": next_times(activator.arming, request["workflow"])}
            case "pin":
                return pin(activator, PinRequest.of(request))
            case action:
                raise ValueError(f"there is no action '{action}'")
    except RuntimeProblemError as error:
        return {"problem": error.problem.to_json()}
