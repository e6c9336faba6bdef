"""What one node does by itself once it runs: its type, its retries, its failures."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tests.properties.expressions import EvaluationFailed, fill, truth
from translator.definition.model import Node, RetryEntry
from translator.error_classes import NAMES_OF_CLASS

EXPRESSION_ERROR = "States.QueryEvaluationError"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure of a node, as `$error` shows it."""

    error: str
    cause: str
    node: str

    def to_json(self) -> dict[str, str]:
        return {"error": self.error, "cause": self.cause, "node": self.node}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the outside gives on one attempt of a node."""

    output: Any = None
    error: str | None = None
    cause: str = ""
    seconds: float = 0.0


Items: TypeAlias = tuple[int, ...]
"""In which item of each `for_each` around it something runs, outermost first."""
Answers: TypeAlias = Callable[[Items, str, int, Any], Answer]
"""By items, node id, how many attempts it had before in this run, and its evaluated parameters."""
AnswersHere: TypeAlias = Callable[[str, int, Any], Answer]
"""The same, of certain items."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What `terminate` decides for the whole run."""

    status: Literal["succeeded", "failed"]
    output: Any = None
    error: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a node ends, `seconds` after it began."""

    seconds: float = 0.0
    output: Any = None
    port: str = "out"
    variables: Mapping[str, Any] = field(default_factory=dict)
    failure: Failure | None = None
    ended: Ended | None = None
    attempts: int = 0


def matches(errors: Sequence[str], error: str) -> bool:
    """Whether an `errors` list names the error; reserved ones are never named by `*`."""
    if error.startswith("Steploom."):
        return False
    return any(name in ("*", error) or error in NAMES_OF_CLASS.get(name, ()) for name in errors)


def behave(node: Node, names: Mapping[str, Any], answers: AnswersHere, tried: int) -> Outcome:
    """The node's own ending; `tried` counts its attempts of earlier iterations."""
    try:
        return _BY_TYPE[node.type](node, names, answers, tried)
    except EvaluationFailed as failed:
        return Outcome(failure=Failure(EXPRESSION_ERROR, str(failed), node.id))


def _transform(node: Node, names: Mapping[str, Any], answers: AnswersHere, tried: int) -> Outcome:
    return Outcome(output=fill(node.parameters["output"], names))


def _set_variable(node: Node, names: Mapping[str, Any], answers: AnswersHere, tried: int) -> Outcome:
    values = node.parameters["values"]
    return Outcome(variables={name: fill(value, names) for name, value in values.items()})


def _condition(node: Node, names: Mapping[str, Any], answers: AnswersHere, tried: int) -> Outcome:
    parameters = node.parameters
    if "when" in parameters:
        return _taking("true" if truth(parameters["when"], names) else "false")
    value = fill(parameters.get("value"), names)
    for case in parameters["cases"]:
        if _fits(case, value, names):
            return _taking(case["port"])
    if "default" in parameters:
        return _taking(parameters["default"])
    return Outcome(failure=Failure("NoMatch", "", node.id))


def _taking(port: str) -> Outcome:
    return Outcome(output={"port": port}, port=port)


def _fits(case: Mapping[str, Any], value: Any, names: Mapping[str, Any]) -> bool:
    if "when" in case:
        return truth(case["when"], names)
    wanted = [case["equals"]] if "equals" in case else case["one_of"]
    return any(type(value) is type(one) and value == one for one in wanted)


def _delay(node: Node, names: Mapping[str, Any], answers: AnswersHere, tried: int) -> Outcome:
    return Outcome(seconds=math.ceil(fill(node.parameters["seconds"], names)))


def _terminate(node: Node, names: Mapping[str, Any], answers: AnswersHere, tried: int) -> Outcome:
    given = {key: fill(value, names) for key, value in node.parameters.items()}
    if given["status"] == "failed":
        given = {"error": "Terminated"} | given
    return Outcome(ended=Ended(**given))


def _work(node: Node, names: Mapping[str, Any], answers: AnswersHere, tried: int) -> Outcome:
    parameters = fill(node.parameters, names)
    if node.type == "workflow":
        parameters = {"arguments": parameters["body"]}
    used: Counter[int] = Counter()
    seconds = 0.0
    for attempt in range(10_000):
        answer = answers(node.id, tried + attempt, parameters)
        seconds += answer.seconds
        if answer.error is None:
            return Outcome(seconds, output=answer.output, attempts=attempt + 1)
        pause = _pause(node.retry_policy, answer.error, used)
        if pause is None:
            failure = Failure(answer.error, answer.cause, node.id)
            return Outcome(seconds, failure=failure, attempts=attempt + 1)
        seconds += pause
    raise AssertionError(f"{node.id} never stops trying")


def _pause(policy: object, error: str, used: Counter[int]) -> float | None:
    """Seconds before the next attempt, or None if there is none; counts in `used` by entry."""
    if policy is None:
        return None
    assert isinstance(policy, tuple), "presets are the compiler's choice, so a case gives its entries"
    for index, entry in enumerate(policy):
        assert isinstance(entry, RetryEntry)
        if matches(entry.errors, error):
            if used[index] == entry.max_attempts:
                return None
            pause = entry.interval_seconds * entry.backoff_rate ** used[index]
            used[index] += 1
            return min(pause, entry.max_delay_seconds or math.inf)
    return None


_BY_TYPE: Mapping[str, Callable[[Node, Mapping[str, Any], AnswersHere, int], Outcome]] = {
    "transform": _transform,
    "set_variable": _set_variable,
    "condition": _condition,
    "delay": _delay,
    "terminate": _terminate,
    "function": _work,
    "http_request": _work,
    "workflow": _work,
}
