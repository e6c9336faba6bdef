"""Runs a chain of nodes in one invocation: each with its own parameters, its own retries and a record.

A Task state of a chain sends `{"chain": [link, …]}`. A link is the payload of a node's own Task, but in
`later` it has the parameters that are expressions still, because they read what came before them in the chain
(`$chain__`, by node), in `known` whatever else those read, and in `retry` the node's own policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from translator.error_classes import EXPRESSION_FAILED, NodeError
from translator.json_value import JsonValue

ANSWERS: Final = "chain__"
"""The variable by which expressions read the answers of the nodes before."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that failed, by the error's name in the machine."""

    error: str
    message: str


Attempt: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, JsonValue] | Failed]
"""Does a node's work once: from its payload to what node_task answers for one node."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The seconds since some moment, and a way to let some pass."""

    now: Callable[[], float]
    pause: Callable[[float], None]
    jitter: Callable[[], float] = lambda: 1.0
    """The part, from 0 to 1, of a wait with full jitter that is really waited."""


def run_chain(
    links: Sequence[Mapping[str, Any]], attempt: Attempt, timing: Timing
) -> dict[str, Any] | Failed:
    """`{"chain": {node: {"output": …, "began": …, "ended": …, "attempts": […]}}}`, seconds since the start.

    The failure of a node ends the chain; its message then names the node.
    """
    start = timing.now()
    answers: dict[str, Any] = {}
    for link in links:
        began = timing.now()
        ran = _run_link(link, answers, attempt, timing)
        if isinstance(ran, Failed):
            return Failed(ran.error, in_node(ran.message, str(link["node"])))
        answer, tried = ran
        times = {"began": _rounded(began - start), "ended": _rounded(timing.now() - start)}
        answers[str(link["node"])] = {**answer, **times, "attempts": tried}
    return {"chain": answers}


def in_node(message: str, node: str) -> str:
    """What is told of a failure inside a chain."""
    return f"{message} (in node {node})"


def _run_link(
    link: Mapping[str, Any], answers: Mapping[str, Any], attempt: Attempt, timing: Timing
) -> tuple[Mapping[str, JsonValue], list[JsonValue]] | Failed:
    try:
        parameters = {**(link.get("parameters") or {}), **_later(link, answers)}
    except NodeError as error:
        return Failed(EXPRESSION_FAILED, str(error))
    payload = {key: value for key, value in link.items() if key not in {"later", "known", "retry"}}
    used: dict[int, int] = {}
    tried: list[JsonValue] = []
    while True:
        answered = attempt({**payload, "parameters": parameters, "attempt": len(tried)})
        if not isinstance(answered, Failed):
            return answered, tried
        wait = _wait_after(answered.error, link.get("retry") or (), used, timing)
        if wait is None:
            return answered
        tried.append({"error": answered.error, "cause": answered.message})
        timing.pause(wait)


def _wait_after(
    error: str, policy: Sequence[Mapping[str, Any]], used: dict[int, int], timing: Timing
) -> float | None:
    """Seconds before the next attempt, as Step Functions counts them; None if there is none (AWS: Retry)."""
    for place, entry in enumerate(policy):
        if error not in entry["errors"]:
            continue
        count = used.get(place, 0)
        if count >= entry["max_attempts"]:
            return None
        used[place] = count + 1
        wait = entry["interval_seconds"] * entry["backoff_rate"] ** count
        wait = min(wait, entry.get("max_delay_seconds") or wait)
        return float(wait * timing.jitter() if entry.get("full_jitter") else wait)
    return None


def _later(link: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, JsonValue]:
    """The parameters that had to wait; raises NodeError where an expression fails."""
    sources: Mapping[str, str] = link.get("later") or {}
    if not sources:
        return {}
    # Only chains with expressions pay for loading the evaluator.
    from translator.expressions.evaluator import NOTHING, CompiledExpression, EvaluationError  # noqa: PLC0415

    variables = {**(link.get("known") or {}), ANSWERS: dict(answers)}
    found: dict[str, JsonValue] = {}
    for name, source in sources.items():
        try:
            value = CompiledExpression(source).evaluate(variables)
        except EvaluationError as error:
            raise NodeError(f"parameter '{name}': {error}") from error
        found[name] = None if value is NOTHING else value
    return found


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
