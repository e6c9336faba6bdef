"""What a Task asks for: a node's work, told apart from all other work of the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from translator.interpreter import TaskRequest
from translator.interpreter.payload import encode
from translator.json_value import JsonValue
from translator.testing.iterations import iteration_of
from translator.testing.starts import start_of


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt of one piece of work; `text` is all that it is given, as JSON with sorted keys."""

    node: str
    key: str
    """Root run, node and iteration; of a Task that no node of ours makes, its state's name."""
    attempt: int
    text: str

    @property
    def iteration(self) -> tuple[int, ...]:
        """The iteration of each loop and body around the node, outermost first."""
        return iteration_of(self.node, self.key)


def call_of(request: TaskRequest) -> Call:
    """What the request asks for."""
    text = json.dumps(request.arguments, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    payload = _payload(request.arguments)
    if "node_key" in payload:
        return Call(str(payload["node"]), str(payload["node_key"]), request.retry_count, text)
    start = start_of(request) if _starts_for_a_node(request) else None
    if start is not None:
        return Call(start.node, start.key, request.retry_count, text)
    return Call("", request.state_name, request.retry_count, text)


def parameters_text(request: TaskRequest) -> str:
    """What the node's work is given, as JSON."""
    payload = _payload(request.arguments)
    return encode(payload.get("parameters", request.arguments))


def _payload(arguments: JsonValue) -> Mapping[str, JsonValue]:
    payload = arguments.get("Payload") if isinstance(arguments, Mapping) else None
    return payload if isinstance(payload, Mapping) else {}


def _starts_for_a_node(request: TaskRequest) -> bool:
    """Whether it starts a run by the convention of `workflow` nodes; parts of a split machine do not."""
    arguments = request.arguments
    given = arguments.get("Input") if isinstance(arguments, Mapping) else None
    trigger = given.get("trigger") if isinstance(given, Mapping) else None
    return isinstance(trigger, Mapping) and "node" in trigger
