"""Answers what the API asks of activation; a problem is an answer too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from functions.activate.activation import Activator, Order, activate, check
from functions.activate.comparison import compare
from functions.activate.firing.arming import arm
from functions.activate.firing.next_times import next_times
from functions.activate.pinning import PinRequest, pin
from functions.activate.shifting import roll_back, split
from layers.runtime.errors import RuntimeProblemError
from layers.runtime.json_value import JsonValue
from translator.event_pattern import matches, parse_pattern

Request = Mapping[str, Any]
Answer = dict[str, JsonValue]


def answer(request: Request, activator: Activator) -> Answer:
    """Does what `action` says, of a `workflow` mostly, for whom `by` names.

    `check` a `text` in a `format`; `activate` (`tests`: the least policy); `rollback` to a `version`; `split`
    runs with a `version` by `weight`; `diff` the versions `old` and `new`; `pin` with the fields of
    PinRequest; `arm`, which brings what fires its triggers to what the workflow is now: active, paused or
    deleted; `next_times`; `matches`, whether a `pattern` selects an `event`. The answer is what was asked
    for, or `{"problem": …}` with an RFC 9457 problem. Any other action is a bug of the caller: ValueError.
    """
    action = _ACTIONS.get(request["action"])
    if action is None:
        raise ValueError(f"there is no action '{request['action']}'")
    try:
        return action(activator, request)
    except RuntimeProblemError as error:
        return {"problem": error.problem.to_json()}


def _check(activator: Activator, request: Request) -> Answer:
    return check(activator.compile, request["text"], request["format"], activator.store.project)


def _activate(activator: Activator, request: Request) -> Answer:
    order = Order(request.get("by", ""), request.get("tests") or "off")
    return activate(activator, request["workflow"], order)


def _roll_back(activator: Activator, request: Request) -> Answer:
    return roll_back(activator, request["workflow"], request["version"], request["by"])


def _split(activator: Activator, request: Request) -> Answer:
    return split(activator, request["workflow"], request["version"], request["weight"], request["by"])


def _compare(activator: Activator, request: Request) -> Answer:
    return compare(activator, request["workflow"], request["old"], request["new"])


def _pin(activator: Activator, request: Request) -> Answer:
    return pin(activator, PinRequest.of(request))


def _arm(activator: Activator, request: Request) -> Answer:
    arm(activator.arming, request["workflow"])
    return {"workflow": request["workflow"]}


def _next_times(activator: Activator, request: Request) -> Answer:
    return {"next_times": next_times(activator.arming, request["workflow"])}


def _matches(activator: Activator, request: Request) -> Answer:
    del activator
    return {"matches": matches(parse_pattern(request["pattern"]), request["event"])}


_ACTIONS: Final[Mapping[str, Callable[[Activator, Request], Answer]]] = MappingProxyType(
    {
        "check": _check,
        "activate": _activate,
        "rollback": _roll_back,
        "split": _split,
        "diff": _compare,
        "pin": _pin,
        "arm": _arm,
        "next_times": _next_times,
        "matches": _matches,
    }
)
