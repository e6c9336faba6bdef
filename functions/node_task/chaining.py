"""Runs a chain of nodes in one invocation, each as if it had one of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from layers.runtime.json_value import JsonValue
from translator.chain import Failed, Timing, run_chain
from translator.error_classes import NodeError, named_error

TIMING: Final = Timing(time.monotonic, time.sleep, random.random)


def invoke_chain(
    payload: Mapping[str, Any],
    invoke: Callable[[Mapping[str, Any]], dict[str, JsonValue]],
    timing: Timing = TIMING,
) -> dict[str, JsonValue]:
    """Runs the nodes of a chain's payload; gives `{"chain": {node: answer and record}}`.

    `invoke` does one node's work and raises a NodeError. That of the node that failed for good is raised
    again, under the same name, with the node in its message.
    """
    common = {name: value for name, value in payload.items() if name != "chain"}

    def attempt(link: Mapping[str, Any]) -> Mapping[str, JsonValue] | Failed:
        try:
            return invoke({**common, **link})
        except NodeError as error:
            return Failed(type(error).__name__, str(error))

    ran = run_chain(payload["chain"], attempt, timing)
    if isinstance(ran, Failed):
        raise named_error(ran.error, ran.message)
    return ran
