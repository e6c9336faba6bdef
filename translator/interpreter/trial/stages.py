"""What a state's fields make of its input and of its result, one after the other (InspectionData)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.expressions.evaluator import Ambient
from translator.interpreter.path_flow import Flow
from translator.interpreter.states import GuardedState, MapState, ParallelState, PassState, TaskState
from translator.interpreter.template import Template
from translator.interpreter.trial.subject import Subject
from translator.json_value import JsonValue

Stage = tuple[str, Template]
NUMBERS: Final = frozenset({"maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage"})
"""The fields that are numbers, not texts."""

_AFTER_INPUT: Final = "afterInputPath"
_AFTER_PARAMETERS: Final = "afterParameters"
_RESULT: Final = "result"


def of_input(subject: Subject) -> Iterator[Stage]:
    """What becomes of the input before the state does its work.

    Recorded: a Pass with a Result and a Parallel show none of it, only a Task and a Pass show parameters.
    """
    state, flow = subject.state, Flow(subject.reader)
    if subject.language != "JSONPath":
        if isinstance(state, TaskState):
            yield "afterArguments", state.arguments or _of_states("input")
        return
    if state.kind == "Fail" or isinstance(state, ParallelState) or _constant(subject):
        return
    yield _AFTER_INPUT, flow.filtered()
    if isinstance(state, TaskState | PassState):
        yield _AFTER_PARAMETERS, flow.arguments()
    if isinstance(state, MapState) and state.items is not None and "ItemReader" not in subject.reader:
        yield "afterItemsPath", state.items


def of_result(subject: Subject) -> Iterator[Stage]:
    """What becomes of the result. Recorded: that of a Map or Parallel is not shown by itself."""
    state, flow = subject.state, Flow(subject.reader)
    if isinstance(state, TaskState):
        yield _RESULT, _of_states(_RESULT)
    if subject.language != "JSONPath" or not isinstance(state, GuardedState | PassState):
        return
    source = "input" if isinstance(state, PassState) else _RESULT
    if _constant(subject):
        yield _RESULT, flow.selected(source)
    yield "afterResultSelector", flow.selected(source)
    yield "afterResultPath", flow.placed(source)


def _constant(subject: Subject) -> bool:
    return isinstance(subject.state, PassState) and "Result" in subject.reader


def _of_states(key: str) -> Template:
    """What `$states` has under a key, as it is."""

    def find(names: Mapping[str, JsonValue], _ambient: Ambient) -> JsonValue:
        states = names["states"]
        assert isinstance(states, Mapping)
        return states[key]

    return Template(key, find, constant=False, needs_context=False)
