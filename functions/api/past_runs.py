"""Runs that others go on from: how their nodes have ended, and what those gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from functions.api.services import Request, Services
from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.observation import Observation, envelope_part, observe
from layers.runtime.run_control_problems import run_data_gone, run_is_open
from layers.runtime.run_records import settle
from layers.runtime.step_functions import is_express
from layers.runtime.store.runs import OPEN, Run, find_result


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that has ended."""

    run: Run
    given: JsonValue
    """The execution's input."""
    timeline: Sequence[Mapping[str, Any]]
    """NodeRun.to_json() of each run of a node."""
    failed_in: str | None = "unknown"
    """The role of the state that failed it; None of one that was stopped or took too long."""

    @property
    def trigger(self) -> Mapping[str, JsonValue]:
        """`$trigger` as the execution got it: large fields are references."""
        return envelope_part(self.given, "trigger")

    @property
    def root(self) -> str:
        """The run that the keys of its nodes' work begin with."""
        root = envelope_part(self.given, "run").get("root")
        return root if isinstance(root, str) else self.run.root or self.run.id

    @property
    def failed_nodes(self) -> tuple[str, ...]:
        """The nodes whose last run failed, in order of start."""
        last = {node["node"]: node["status"] for node in self.timeline}
        return tuple(node for node, status in last.items() if status == "failed")

    def ends(self) -> list[JsonValue]:
        """How its nodes have ended, those first that had ended before it; functions.activate reads it."""
        return [*self._pinned(), *self._ran()]

    def output(self, node: str) -> JsonValue:
        """What a node gave in its last run, or what it was pinned with; raises RequestError (410)."""
        for ran in reversed(self.timeline):
            if ran["node"] == node and ran["status"] == "succeeded":
                return self._kept(node, ran["output"])
        return envelope_part(self.given, "pins").get(node)

    def _kept(self, node: str, output: JsonValue) -> JsonValue:
        if isinstance(output, Mapping) and set(output) == {"left_out_bytes"}:
            raise run_data_gone(self.run.id, f"the output of node '{node}' was too large for its record")
        return output

    def _pinned(self) -> Iterator[JsonObject]:
        told = (self.run.lineage or {}).get("pins")
        pins = envelope_part(self.given, "pins")
        for node, end in (told if isinstance(told, Mapping) else {}).items():
            assert isinstance(end, Mapping)
            pin = pins.get(node)
            failure = pin if end["status"] == "failed" and isinstance(pin, Mapping) else {}
            yield {
                "node": node,
                **end,
                "error": failure.get("error"),
                "cause": failure.get("cause"),
            }

    def _ran(self) -> Iterator[JsonObject]:
        for ran in self.timeline:
            if not ran["iterations"]:
                yield {name: ran[name] for name in ("node", "status", "error", "cause")}


def past_run(services: Services, run: Run) -> PastRun:
    """What is known of a run that has ended; raises RequestError 409 if it has not, 410 if that is gone."""
    seen = _seen(services, run)
    if seen is not None:
        if seen.status == "running":
            raise run_is_open(run.id, run.status if run.status in OPEN else "running")
        settled = settle(services.store, run, seen)
        timeline = [node.to_json() for node in seen.timeline]
        return PastRun(settled, seen.input, timeline, seen.failed_in)
    if run.status in OPEN:
        raise run_is_open(run.id, run.status)
    result = find_result(services.store, run.id)
    if result is None or result.timeline is None or "log" in result.left_out:
        raise run_data_gone(run.id, "its history is gone, and its record does not tell all of it")
    return PastRun(run, result.input, result.timeline)


def has_ended(request: Request, run: Run) -> bool:
    """Whether the execution of a run that is recorded as open has ended by now."""
    seen = _seen(request.services, run)
    return seen is not None and seen.status != "running"


def _seen(services: Services, run: Run) -> Observation | None:
    """A fresh look at the execution, None where the service keeps none of it."""
    if is_express(run.execution_arn):
        return None
    try:
        return observe(services.store, services.starter.step_functions, run.workflow, run.execution_arn)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
            return None
        raise
