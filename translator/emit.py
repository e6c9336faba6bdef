"""Phase 8: typed states to the JSON that the service takes, the same bytes for the same machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from translator.asl import (
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    Machine,
    Map,
    Origin,
    Parallel,
    Pass,
    Retrier,
    State,
    States,
    Succeed,
    Task,
    Wait,
)
from translator.expressions.sources import source_of
from translator.json_value import JsonValue
from translator.lower.draft import expression
from translator.lower.substitution import text_of

BUCKET: Final = "${RunsBucket}"
"""Replaced by the name of the bucket of runs by whoever deploys the machine."""
NO_TITLES: Final[Mapping[str, str]] = MappingProxyType({})


def emit(machine: Machine, titles: Mapping[str, str] = NO_TITLES) -> dict[str, Any]:
    """The definition as an object, fields in the order in which people read them.

    A state that does the work of other nodes too says so in its comment; `titles` are the nodes' names by id.
    """
    document: dict[str, Any] = {"Comment": machine.comment, "QueryLanguage": "JSONata"}
    if machine.timeout_seconds is not None:
        document["TimeoutSeconds"] = machine.timeout_seconds
    return {**document, **_states(machine.states, titles)}


def emit_scope(scope: States) -> dict[str, Any]:
    """One scope alone."""
    return _states(scope, NO_TITLES)


def to_text(document: JsonValue) -> str:
    """Indented JSON with a line end, for files and people."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def to_compact_text(document: JsonValue) -> str:
    """The same JSON without a space, for the service, which counts bytes."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def _states(scope: States, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "StartAt": scope.start_at,
        "States": {name: _state(state, titles) for name, state in scope.states.items()},
    }


def _state(state: State, titles: Mapping[str, str]) -> dict[str, Any]:
    kind: dict[str, Any] = {"Type": type(state).__name__, **_comment(state.origin, titles)}
    if isinstance(state, Choice):
        return {**kind, **_choice(state)}
    if isinstance(state, Fail):
        cause = {} if state.cause in (None, "") else {"Cause": state.cause}
        return {**kind, "Error": state.error, **cause}
    if isinstance(state, Succeed):
        return {**kind, **_output(state)}
    return {**kind, **_work(state, titles), **_assign(state.assign), **_output(state), **_end(state)}


def _comment(origin: Origin, titles: Mapping[str, str]) -> dict[str, Any]:
    told = [
        f"{when}: {', '.join(titles.get(node, node) for node in nodes)}"
        for when, nodes in (("first", origin.before), ("in one call", origin.chain), ("then", origin.after))
        if nodes
    ]
    return {"Comment": "; ".join(told)} if told else {}


def _work(state: Pass | Task | Wait | Parallel | Map, titles: Mapping[str, str]) -> dict[str, Any]:
    """What the state does, before it gives its results."""
    if isinstance(state, Wait):
        return {"Timestamp": state.timestamp} if state.timestamp is not None else {"Seconds": state.seconds}
    if isinstance(state, Parallel):
        return {"Branches": [_states(branch, titles) for branch in state.branches]}
    if isinstance(state, Map):
        return _map(state, titles)
    if isinstance(state, Pass):
        return {}
    work: dict[str, Any] = {"Resource": state.resource, "Arguments": state.arguments}
    if state.timeout_seconds is not None:
        work["TimeoutSeconds"] = state.timeout_seconds
    return work


def _map(state: Map, titles: Mapping[str, str]) -> dict[str, Any]:
    selector = {} if state.selector is None else {"ItemSelector": state.selector}
    apart = state.distributed
    items = {"Items": state.items} if apart is None or apart.read_from is None else _read(apart.read_from)
    work: dict[str, Any] = {**items, **selector}
    if state.max_concurrency is not None:
        work["MaxConcurrency"] = state.max_concurrency
    config: dict[str, Any] = {"Mode": "INLINE"}
    if state.distributed is not None:
        config = {"Mode": "DISTRIBUTED", "ExecutionType": state.distributed.execution_type}
        if state.distributed.batch_size is not None:
            work["ItemBatcher"] = {"MaxItemsPerBatch": state.distributed.batch_size}
        if state.distributed.tolerated_count is not None:
            work["ToleratedFailureCount"] = state.distributed.tolerated_count
        if state.distributed.tolerated_percentage is not None:
            work["ToleratedFailurePercentage"] = state.distributed.tolerated_percentage
        if state.distributed.written_under is not None:
            work["ResultWriter"] = _written(state.distributed.written_under)
    return {**work, "ItemProcessor": {"ProcessorConfig": config, **_states(state.processor, titles)}}


def _read(key: JsonValue) -> dict[str, Any]:
    """Where items come from (AWS: ItemReader)."""
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Arguments": {"Bucket": BUCKET, "Key": key},
    }
    return {"ItemReader": reader}


def _written(prefix: JsonValue) -> dict[str, Any]:
    """Where results go, a line each (AWS: ResultWriter)."""
    return {
        "Resource": "arn:aws:states:::s3:putObject",
        "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"},
        "Arguments": {"Bucket": BUCKET, "Prefix": prefix},
    }


def _assign(assign: Any) -> dict[str, Any]:
    return {"Assign": dict(assign)} if assign else {}


def _output(state: Pass | Task | Wait | Parallel | Map | Succeed) -> dict[str, Any]:
    """A single value as an expression: asl-validator knows no other than objects and expressions."""
    if not state.has_output:
        return {}
    is_object = isinstance(state.output, (dict, list)) or source_of(state.output) is not None
    return {"Output": state.output if is_object else expression(text_of(state.output))}


def _end(state: Pass | Task | Wait | Parallel | Map) -> dict[str, Any]:
    """Retry, Catch, and what follows."""
    end: dict[str, Any] = {}
    if isinstance(state, Task) and state.retry:
        end["Retry"] = [_retrier(retrier) for retrier in state.retry]
    if isinstance(state, (Task, Parallel, Map)) and state.catch:
        end["Catch"] = [_catcher(catcher) for catcher in state.catch]
    return {**end, **({"End": True} if state.next is None else {"Next": state.next})}


def _choice(state: Choice) -> dict[str, Any]:
    rules = [_rule(rule) for rule in state.rules]
    default = {} if state.default is None else {"Default": state.default}
    return {"Choices": rules, **_assign(state.assign), **default}


def _rule(rule: ChoiceRule) -> dict[str, Any]:
    """A rule with its port as its comment, which the console writes at the arrow; `true` tells nothing."""
    comment = {} if rule.port in (None, "true") else {"Comment": rule.port}
    return {**comment, "Condition": rule.condition, **_assign(rule.assign), "Next": rule.next}


def _retrier(retrier: Retrier) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "ErrorEquals": list(retrier.errors),
        "IntervalSeconds": retrier.interval_seconds,
        "MaxAttempts": retrier.max_attempts,
        "BackoffRate": retrier.backoff_rate,
    }
    if retrier.max_delay_seconds is not None:
        entry["MaxDelaySeconds"] = retrier.max_delay_seconds
    if retrier.full_jitter:
        entry["JitterStrategy"] = "FULL"
    return entry


def _catcher(catcher: Catcher) -> dict[str, Any]:
    return {"ErrorEquals": list(catcher.errors), **_assign(catcher.assign), "Next": catcher.next}
