"""What the nodes did so far, read off the events of each turn as it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from translator.debugger.event_details import assigned_by, constant_text, details_of
from translator.debugger.node_run import NodeRun
from translator.debugger.program import Program
from translator.interpreter.engine import Engine
from translator.interpreter.frame import Frame
from translator.interpreter.history import Event
from translator.interpreter.states import FailState
from translator.json_value import JsonValue

RESERVED: Final = "Steploom."
"""How the errors begin by which a machine ends several lines of control."""
_FAILED: Final = ("Failed", "TimedOut", "EvaluationFailed")
_LEAVING: Final = re.compile(r"\b(Assign|Output)\b")
"""Of the fields in which an expression can fail those that are evaluated as a state is left."""
_WHEN: Final = re.compile(r"\b(Assign|Output)/\w+__to__")
"""The variable that says whether an edge is taken."""


@dataclass
class Trace:
    """Runs of nodes in the order of their start, and what each line of control knows of outputs."""

    program: Program
    point: int = 0
    now: float = 0.0
    runs: list[NodeRun] = field(default_factory=list)
    ended: list[NodeRun] = field(default_factory=list)
    """The same in the order of their end."""
    outputs: dict[Frame, dict[str, JsonValue]] = field(default_factory=dict)
    """By line of control the outputs that it has seen, also those that no variable holds."""
    _seen: dict[int, int] = field(default_factory=dict)
    _retries: dict[Frame, int] = field(default_factory=dict)
    _results: dict[Frame, str] = field(default_factory=dict)
    _open: dict[tuple[Frame, str], NodeRun] = field(default_factory=dict)
    _inside: dict[Frame, list[Frame]] = field(default_factory=dict)
    _caught: dict[Frame, tuple[str | None, str | None]] = field(default_factory=dict)
    """By line of control what it has caught last."""
    _failure: tuple[str | None, str | None] = (None, None)

    def note(self, engine: Engine, frame: Frame) -> None:
        """Reads what a turn of `frame` has written."""
        seen = self._seen.get(id(engine), 0)
        events = engine.history.since(seen)
        self._seen[id(engine)] = seen + len(events)
        self.now = engine.now
        failed: Event | None = None
        for event in events:
            kind: str = event["type"]
            if kind.endswith("StateEntered"):
                self._enter(engine, frame, event["stateEnteredEventDetails"]["name"])
            elif kind.endswith("Scheduled"):
                self._call(frame, f"{engine.prefix}{event['id']}")
            elif kind.endswith("StateExited"):
                self._leave(engine, frame, event["stateExitedEventDetails"], failed)
                failed = None
            elif kind.endswith(_FAILED) and not kind.startswith(("MapIteration", "Execution")):
                # A Parallel that fails by its own expression says so only after the expression.
                failed = failed if failed is not None and failed["type"] == "EvaluationFailed" else event
                self._note_failure(event)
            elif kind.endswith("Succeeded") and "State" not in kind:
                self._results[frame] = details_of(event).get("output", "null")
        if failed is not None:
            self._after_failure(engine, frame, failed)

    def cancelled(self, run: NodeRun) -> bool:
        """Whether the run was cut off."""
        return run.status == "running" and not run.frame.open

    def _enter(self, engine: Engine, frame: Frame, state: str) -> None:
        self._retries[frame] = 0
        place = self.program.places.get(state, {})
        for node in place.get("before", ()):
            self._begin(node, state, engine, frame)
            self._end(node, frame, "succeeded")
        for node in self.program.nodes_of(state):
            if node not in place.get("before", ()) and node not in place.get("after", ()):
                self._begin(node, state, engine, frame)
        failing = frame.state if isinstance(frame.state, FailState) else None
        if place.get("role") == "end" and self.program.is_own(state):
            self._end(place["node"], frame, "succeeded")
            if failing is not None:
                self._failure = (constant_text(failing.error), None)
        elif place.get("role") == "end" and failing is not None:
            self._fail_by(frame, place["node"], failing)
        elif place.get("role") == "join" and failing is not None:
            self._hand_on(frame, constant_text(failing.error))

    def _hand_on(self, frame: Frame, error: str | None) -> None:
        """A Fail that serves several nodes ends the line by what the line has caught, or by its own error."""
        is_reserved = error is not None and error.startswith(RESERVED)
        self._failure = (error, None) if is_reserved else self._caught.get(frame, self._failure)
        self._fail_around(frame)

    def _fail_by(self, frame: Frame, node: str, state: FailState) -> None:
        """A Fail beside a node's own state is how that node fails: a condition that nothing fits."""
        run = next((one for one in reversed(self.ended) if one.node == node and one.frame is frame), None)
        if run is None:
            return
        run.status, run.error, run.cause = "failed", constant_text(state.error), constant_text(state.cause)
        self._failure = (run.error, run.cause)
        self._fail_around(frame)

    def _begin(self, node: str, state: str, engine: Engine, frame: Frame) -> None:
        if (frame, node) in self._open:
            return  # a `while` that asks once more
        run = NodeRun(node, state, engine, frame, self.point, self.now)
        self.runs.append(run)
        self._open[frame, node] = run

    def _end(self, node: str, frame: Frame, status: str) -> NodeRun | None:
        run = self._open.pop((frame, node), None)
        if run is None:
            return None
        run.status, run.ended, run.ended_at = status, self.point, self.now
        self.ended.append(run)
        return run

    def _call(self, frame: Frame, request: str) -> None:
        for node in self.program.nodes_of(frame.state.name):
            if (frame, node) in self._open:
                self._open[frame, node].request = request

    def _note_failure(self, event: Event) -> None:
        details = details_of(event)
        if "error" in details or "cause" in details:
            self._failure = (details.get("error"), details.get("cause"))

    def _after_failure(self, engine: Engine, frame: Frame, event: Event) -> None:
        """A failure with which the state was not left: it is tried again, or nothing took it here."""
        state = frame.state.name
        is_retried = frame.open and frame.retry_count > self._retries.get(frame, 0)
        self._retries[frame] = frame.retry_count
        location = details_of(event).get("location") or ""
        culprit = self.program.places.get(state, {}).get("failing")
        if is_retried:
            for node in self.program.nodes_of(state):
                if (frame, node) in self._open:
                    self._open[frame, node].attempts.append(self._failure)
        elif culprit is not None and _LEAVING.search(location) is not None:
            self._end_inside(engine, frame, state, culprit)
        else:
            self._end_failed(engine, frame, state, event)

    def _end_failed(self, engine: Engine, frame: Frame, state: str, event: Event) -> None:
        """A state has failed for good: with its node, or with what came after the node's work."""
        location = details_of(event).get("location") or ""
        is_answered = _LEAVING.search(location) is not None and frame in self._results
        role = self.program.places.get(state, {}).get("role")
        if not (is_answered or _WHEN.search(location) or role == "when"):
            self._end_badly(engine, frame, state, event)
            return
        # What failed is the `when` of an edge, or what is made of an answer that there is.
        for node, output in self._answers(frame, state).items():
            self._succeed(node, frame, {node: output}, None)
        for node in self.program.nodes_of(state):
            self._end(node, frame, "succeeded")
        self._fail_around(frame)

    def _end_badly(self, engine: Engine, frame: Frame, state: str, event: Event) -> None:
        """The node that the state works for has failed, and what the failure leads out of."""
        nodes = self.program.nodes_of(state)
        place = self.program.places.get(state, {})
        owner = str(place.get("node"))
        is_served = owner in self.program.nodes and place.get("role") != "fork"
        if not nodes and is_served and event["type"] == "EvaluationFailed":
            # Of a state that only serves the node: the condition of an edge, for example.
            nodes = (owner,)
            self._begin(owner, state, engine, frame)
        for node in nodes:
            self._fail_run(node, frame)
        self._fail_around(frame)

    def _end_inside(self, engine: Engine, frame: Frame, state: str, culprit: str) -> None:
        """The state did its own node's work well, but not that of another one as it was left."""
        for node in self.program.nodes_of(state):
            self._begin(node, state, engine, frame)
            if node == culprit:
                self._fail_run(node, frame)
                break
            self._end(node, frame, "succeeded")
        self._fail_around(frame)

    def _fail_run(self, node: str, frame: Frame) -> None:
        error, _ = self._failure
        if error is not None and error.startswith(RESERVED):
            return  # the machine's own way to end what is beside: the node is cut off, and has not failed
        run = self._end(node, frame, "failed")
        if run is not None:
            run.error, run.cause = self._failure

    def _fail_around(self, frame: Frame) -> None:
        """Every `while` of the line that the failure leads out of has failed with it."""
        following = self.program.places.get(frame.state.name, {}).get("node", "")
        inside = {following, *self.program.around(following)} if self._is_caught(frame) else set()
        for owner, node in list(self._open):
            if owner is frame and self.program.nodes[node].type == "while" and node not in inside:
                self._fail_run(node, frame)

    @staticmethod
    def _is_caught(frame: Frame) -> bool:
        """Whether the line goes on behind a failure: then it stands before a state, not in one."""
        return frame.open and not frame.entered_id

    def _leave(self, engine: Engine, frame: Frame, details: Mapping[str, Any], failed: Event | None) -> None:
        state: str = details["name"]
        assigned = assigned_by(details)
        place = self.program.places.get(state, {})
        if failed is not None:
            for node in (one for one in place.get("after", ()) if one in assigned):
                self._begin(node, state, engine, frame)
                self._succeed(node, frame, assigned, None)
            self._caught[frame] = self._failure
            self._end_failed(engine, frame, state, failed)
            return
        if place.get("role") == "gather":
            self._end_gathered(place["node"], frame, assigned)
        answers = self._answers(frame, state)
        for node in self.program.nodes_of(state):
            if node in place.get("after", ()):
                if node in assigned:
                    self._begin(node, state, engine, frame)
                    self._succeed(node, frame, assigned, None)
            elif node not in place.get("before", ()) and not self._goes_on(node, frame):
                self._succeed(node, frame, {**answers, **assigned}, details.get("output"))
        known = self.outputs.setdefault(frame, {})
        known.update({name: value for name, value in assigned.items() if name in self.program.nodes})
        if place.get("role") != "body":
            for inner in self._inside.pop(frame, ()):
                known.update({**self.outputs.get(inner, {}), **known})
        if frame.parent is not None and not frame.open:
            self._inside.setdefault(frame.parent.owner, []).append(frame)

    def _end_gathered(self, node: str, frame: Frame, assigned: Mapping[str, JsonValue]) -> None:
        """A node whose results are gathered behind its own state has its output only there."""
        run = next((one for one in reversed(self.ended) if one.node == node and one.frame is frame), None)
        if run is not None and node in assigned:
            run.output, run.has_output = assigned[node], True

    def _goes_on(self, node: str, frame: Frame) -> bool:
        """Whether a `while` has only been asked and its body comes next."""
        if not frame.open or frame.state is None:
            return False
        following = self.program.places.get(frame.state.name, {}).get("node", "")
        if self.program.nodes[node].type != "while" or node not in self.program.around(following):
            return False
        for inner in list(self.outputs.get(frame, {})):
            if node in self.program.around(inner):
                del self.outputs[frame][inner]
        return True

    def _succeed(self, node: str, frame: Frame, values: Mapping[str, JsonValue], shown: str | None) -> None:
        run = self._end(node, frame, "succeeded")
        if run is None:
            return
        known = self.outputs.setdefault(frame, {})
        if node in values:
            run.output, run.has_output = values[node], True
        elif shown is not None and frame.open and self.program.nodes[node].type == "transform":
            run.output, run.has_output = json.loads(shown), True
        if run.has_output:
            known[node] = run.output

    def _answers(self, frame: Frame, state: str) -> dict[str, JsonValue]:
        """What the function answered that the state called: by node its output."""
        result = json.loads(self._results.pop(frame, "null"))
        payload = result.get("Payload") if isinstance(result, dict) else None
        if not isinstance(payload, dict):
            return {}
        chain = payload.get("chain")
        if isinstance(chain, dict):
            return {node: answer["output"] for node, answer in chain.items() if "output" in answer}
        return dict.fromkeys(self.program.nodes_of(state), payload.get("output"))
