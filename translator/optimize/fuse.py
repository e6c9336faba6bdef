"""Runs a chain of Lambda nodes that may be repeated in one invocation: one Task instead of several."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from translator.asl import Machine, Origin, Retrier, Task
from translator.chain import ANSWERS
from translator.error_classes import NAMES_OF_CLASS
from translator.expressions.certainty import source_may_fail
from translator.expressions.rewrite import rewrite
from translator.expressions.sources import source_of
from translator.json_value import JsonObject, JsonValue
from translator.lower.draft import INVOKE, expression
from translator.lower.substitution import substituted
from translator.optimize.knowing import UnknowableError, known_outside
from translator.optimize.reading import is_repeatable, reads_variables, size_of, sources
from translator.optimize.scope import Scope, in_every_scope

MOST_SECONDS: Final = 840
"""Of all attempts of a chain with the waits between them: a Lambda function ends after 900 (AWS: quotas)."""
_RESULT: Final = "states.result.Payload"
_EVALUATED: Final = frozenset({"parameters", "later", "known"})
_LONGEST: Final = 20_000
"""Characters of a chain's expressions, beyond which no node is added."""


def fuse(machine: Machine) -> Machine:
    """The machine with one Task for each chain of `read` and `idempotent` nodes without catchers."""
    return in_every_scope(machine, _fuse_in)


def _fuse_in(scope: Scope) -> None:
    pending = deque(scope.states)
    while pending:
        key = pending.popleft()
        first = scope.states.get(key)
        if not isinstance(first, Task) or first.next is None or not scope.is_reached_once(first.next):
            continue
        second = scope.states[first.next]
        fused = _fused(first, second) if isinstance(second, Task) and first.next != key else None
        if fused is not None:
            behind = first.next
            scope.put(key, fused)
            scope.drop(behind)
            pending.appendleft(key)


def _fused(first: Task, second: Task) -> Task | None:
    """Both nodes' work as one Task; None where they cannot share one."""
    links, added = _links(first), _links(second)
    if not links or not added or first.origin.failing or second.origin.before:
        return None
    retry = _outer(first)
    if first.catch or second.catch or retry != _outer(second):
        return None
    if first.arguments["FunctionName"] != second.arguments["FunctionName"]:
        return None
    try:
        chain = [*links, *(_behind(link, first) for link in added)]
    except UnknowableError:
        return None
    common = {name: _payload(first)[name] for name in ("project", "run")}
    arguments = {**first.arguments, "Payload": {**common, "chain": chain}}
    seconds = _seconds(first) + _seconds(second)
    if seconds > MOST_SECONDS or size_of(arguments) > _LONGEST:
        return None
    return replace(_ending(first, second), arguments=arguments, timeout_seconds=seconds, retry=retry)


def _ending(first: Task, second: Task) -> Task:
    """What becomes of the answers: the second Task's, after all that the first one assigns."""
    before = {name: _of_chain(value, first) for name, value in first.assign.items()}
    behind = {name: substituted(_of_chain(value, second), before) for name, value in second.assign.items()}
    one, other = first.origin, second.origin
    chain = (*(one.chain or (one.node,)), *one.after, *(other.chain or (other.node,)))
    between = (*one.between, *one.after, *other.between)
    origin = Origin(one.node, "task", one.before, other.after, other.failing, chain, between)
    output = substituted(_of_chain(second.output, second), before)
    return replace(second, origin=origin, assign={**before, **behind}, output=output)


def _payload(task: Task) -> Mapping[str, JsonValue]:
    payload = task.arguments.get("Payload")
    return payload if isinstance(payload, Mapping) else {}


def _links(task: Task) -> list[JsonObject]:
    """The links of a Task that is a chain, or may be one of a single node; else none."""
    payload = _payload(task)
    chain = payload.get("chain")
    if isinstance(chain, list):
        return [link for link in chain if isinstance(link, dict)]
    parameters = payload.get("parameters")
    is_fit = payload.get("effect") in ("read", "idempotent") and isinstance(parameters, Mapping)
    if task.resource != INVOKE or task.origin.role != "task" or not is_fit:
        return []
    link = {name: value for name, value in payload.items() if name not in ("project", "run", "attempt")}
    policy: list[JsonValue] = list(_inner(task))
    return [{**link, "retry": policy} if policy else link]


def _behind(link: JsonObject, first: Task) -> JsonObject:
    """A link as it stands behind the first Task: what reads its answer, or may fail, is evaluated later."""
    parameters = link["parameters"]
    assert isinstance(parameters, Mapping)
    given = {name: _of_chain(value, first) for name, value in first.assign.items()}
    others: JsonObject = {
        name: value for name, value in link.items() if name not in ("parameters", "later", "known")
    }
    if reads_variables(others) & given.keys() or link.get("later"):
        raise UnknowableError
    later: dict[str, JsonValue] = {}
    for name, value in parameters.items():
        reads = reads_variables(value) & given.keys()
        if reads or any(source_may_fail(source) for source in sources(value)):
            source = source_of(substituted(value, given))
            if source is None or not all(is_repeatable(each) for each in (value, *map(given.get, reads))):
                raise UnknowableError
            later[name] = rewrite(source, {f"{_RESULT}.chain": f"${ANSWERS}"})
    if not later:
        return link
    now = {name: value for name, value in parameters.items() if name not in later}
    known = known_outside(str(source) for source in later.values())
    return {**others, "parameters": now, "later": later, **({"known": known} if known else {})}


def _of_chain(value: JsonValue, task: Task) -> JsonValue:
    """A value of a Task of one node with the answer read where a chain's has it."""
    if task.origin.chain:
        return value
    if isinstance(value, Mapping):
        return {name: _of_chain(inner, task) for name, inner in value.items()}
    source = source_of(value)
    if source is None:
        return value
    return expression(rewrite(source, {_RESULT: f"${_RESULT}.chain.{task.origin.node}"}))


def _inner(task: Task) -> Iterator[JsonObject]:
    """The node's own retry policy: for what its work itself may fail with."""
    for retrier in task.retry:
        names: list[JsonValue] = [name for name in retrier.errors if not _is_of_service(name)]
        if names:
            yield {
                "errors": names,
                "max_attempts": retrier.max_attempts,
                "interval_seconds": retrier.interval_seconds,
                "backoff_rate": retrier.backoff_rate,
                **({"max_delay_seconds": retrier.max_delay_seconds} if retrier.max_delay_seconds else {}),
                **({"full_jitter": True} if retrier.full_jitter else {}),
            }


def _outer(task: Task) -> tuple[Retrier, ...]:
    """What is left to the state: errors of the function's invocation, not of the node's work."""
    kept = (
        replace(retrier, errors=tuple(name for name in retrier.errors if _is_of_service(name)))
        for retrier in task.retry
    )
    return tuple(retrier for retrier in kept if retrier.errors)


def _is_of_service(name: str) -> bool:
    return "." in name and name not in NAMES_OF_CLASS


def _seconds(task: Task) -> int:
    """The longest that a Task may take: all attempts with the waits between them."""
    if task.origin.chain:
        return task.timeout_seconds or 0
    waits, attempts = 0.0, 1
    for entry in _inner_retriers(task):
        attempts += entry.max_attempts
        for count in range(entry.max_attempts):
            wait = entry.interval_seconds * entry.backoff_rate**count
            waits += min(wait, entry.max_delay_seconds or wait)
    return int(attempts * (task.timeout_seconds or 0) + waits + 1)


def _inner_retriers(task: Task) -> Iterator[Retrier]:
    return (one for one in task.retry if not all(_is_of_service(name) for name in one.errors))
