"""Makes a machine of a region, and the Task that runs it in the region's place."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from translator.asl import (
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    Map,
    Origin,
    Parallel,
    Pass,
    State,
    States,
    Succeed,
    Task,
    Wait,
    with_inner,
)
from translator.asl_targets import retargeted, targets
from translator.expressions.rewrite import rewrite
from translator.expressions.sources import source_of
from translator.json_value import JsonValue
from translator.legalize.split.reading import ENDED, assigned, assigned_anywhere, values, ways
from translator.legalize.split.region import Region, reads_input
from translator.legalize.split.rounds import TURN, again, going_to
from translator.lower.draft import expression, reads
from translator.lower.starting import EVERYTHING, START_AND_WAIT
from translator.lower.values import RUN_ID

_PREFIX: Final = "Part from "
_INPUT: Final = "$states.context.Execution.Input"
_STARTED: Final = "$states.context.Execution.StartTime"
_OF_RUN: Final = {
    RUN_ID.removeprefix("$"): f"{_INPUT}.run.id",
    _STARTED.removeprefix("$"): f"{_INPUT}.run.started_at",
}
"""What a part reads of the run that it is a part of, and not of its own execution."""
_RESULT: Final = "$states.result.Output"
_ORIGIN: Final = Origin("", "part")
_MACHINES: Final = '$substringBefore($states.context.StateMachine.Id, ":stateMachine:")'
_TEXT: Final = r'((?:[^\\"]|\\.)*)'
_FAILURE: Final = (
    "($raw__ := $states.errorOutput.Cause; "
    f'$name__ := $match($raw__, /"Error":"{_TEXT}"/).groups[0]; '
    f'$why__ := $match($raw__, /^\\{{"Cause":"{_TEXT}"/).groups[0]; '
    '{"error": $exists($name__) ? $name__ : $states.errorOutput.Error, '
    '"cause": $exists($why__) ? $parse("\\"" & $why__ & "\\"") : $exists($name__) ? "" : $raw__})'
)
"""The failure of a part as it was: the service describes the execution in the Cause (recorded)."""


@dataclass(frozen=True)
class Outline:
    """A region taken out of its scope; `live` is by state what is still to be read from there on.

    With `rounds`, the region is a loop that begins with its entry, and one execution of the part comes to
    the entry so often at most: then it ends with what the next one begins with.
    """

    scope: States
    region: Region
    live: Mapping[str, frozenset[str]]
    free_name: Callable[[str], str]
    rounds: int | None = None

    @property
    def _title(self) -> str:
        return f"{_PREFIX}{self.region.entry.removeprefix(_PREFIX)}"

    @cached_property
    def _states(self) -> Mapping[str, State]:
        return {name: self.scope.states[name] for name in self.region.states}

    @cached_property
    def _ways_on(self) -> tuple[str, ...]:
        """The states that follow the part; the first of its own where another execution goes on."""
        again = () if self.rounds is None else (self.region.entry,)
        return (*self.region.exits, *again)

    @cached_property
    def _ends_too(self) -> bool:
        """Whether it may end its scope, and may as well lead on."""
        ends = any(way.target == ENDED for state in self._states.values() for way in ways(state))
        return ends and bool(self._ways_on)

    @property
    def _has_one_end(self) -> bool:
        return len(self._ways_on) + self._ends_too == 1

    @cached_property
    def _reads_input(self) -> bool:
        """Whether it begins with reading what the state before it gave."""
        return reads_input(self.scope.states[self.region.entry])

    @cached_property
    def _given(self) -> frozenset[str]:
        """The variables of the scope that the region assigns."""
        return assigned(self._states.values())

    @cached_property
    def _carried(self) -> frozenset[str]:
        """Those of them whose values from before may still be read."""
        return self._given & self.live[self.region.entry]

    @cached_property
    def _outside(self) -> frozenset[str]:
        """The variables that the region only reads."""
        read = [reads(value) for state in self._states.values() for value in values(state)]
        return frozenset().union(*read) - assigned_anywhere(self._states.values())

    def _passed(self, exit_: str) -> frozenset[str]:
        return self._given & self.live[exit_]

    def part(self) -> States:
        """The scope of the part's own machine."""
        texts = _OF_RUN | {name: f"{_INPUT}.given.{name}" for name in self._outside}
        ends = {exit_: self.free_name(f"{self._title}: on to {exit_}") for exit_ in self._ways_on}
        ended = self.free_name(f"{self._title}: the end") if self._ends_too else None
        back = dict(ends)
        if self.rounds is not None:
            back[self.region.entry] = self.free_name(f"{self._title}: another time?")
        moved: dict[str, State] = {}
        for name, state in self._states.items():
            names = {target: back.get(target, target) for target in targets(state)}
            moved[name] = going_to(retargeted(_rewritten(state, texts), names), ended)
        if self.rounds is not None:
            moved[back[self.region.entry]] = again(self.rounds, self.region.entry, ends[self.region.entry])
        for number, exit_ in enumerate(self._ways_on):
            moved[ends[exit_]] = self._end(number, _object(self._passed(exit_)))
        if ended is not None:
            moved[ended] = self._end(len(self._ways_on), "$states.input")
        return self._beginning(moved)

    def _end(self, number: int, values_: str) -> Succeed:
        output = values_ if self._has_one_end else f'{{"exit": {number}, "values": {values_}}}'
        return Succeed(_ORIGIN, expression(output), has_output=True)

    def _beginning(self, moved: Mapping[str, State]) -> States:
        """The states behind one that gives them the values from before, where there are any."""
        entry = self.region.entry
        assign = _assign(self._carried, f"{_INPUT}.given")
        if self.rounds is not None:
            assign[TURN] = 1
        if not assign and not self._reads_input:
            return States(entry, moved)
        begin = self.free_name(f"{self._title}: values")
        first = Pass(_ORIGIN, entry, assign)
        if self._reads_input:
            first = replace(first, output=expression(f"{_INPUT}.input"), has_output=True)
        return States(begin, {begin: first, **moved})

    def standing_in(self, machine: str) -> dict[str, State]:
        """The states in the region's place, the first of them first; `machine` is the part's name."""
        start, failed = self.free_name(self._title), self.free_name(f"{self._title}: failed")
        caught = f"failure__{machine.rpartition('-')[2]}"
        catcher = Catcher((EVERYTHING,), failed, {caught: expression(_FAILURE)})
        arguments = _arguments(machine, self._carried | self._outside, has_input=self._reads_input)
        task = Task(_ORIGIN, None, START_AND_WAIT, arguments, catch=(catcher,))
        fail = Fail(_ORIGIN, expression(f"${caught}.error"), expression(f"${caught}.cause"))
        if self._has_one_end:
            (exit_,) = self._ways_on
            on = start if exit_ == self.region.entry else exit_
            going = replace(task, next=on, assign=_assign(self._passed(exit_), _RESULT))
            return {start: going, failed: fail}
        task = replace(task, output=expression(_RESULT), has_output=True)
        if not self._ways_on:
            return {start: task, failed: fail}
        choose = self.free_name(f"{self._title}: where to?")
        going = replace(task, next=choose)
        ended = self.free_name(f"{self._title}: ended") if self._ends_too else None
        end = {} if ended is None else {ended: Succeed(_ORIGIN, expression("$states.input.values"), True)}
        return {start: going, choose: self._choice(start, ended), **end, failed: fail}

    def _choice(self, start: str, ended: str | None) -> Choice:
        rules = [
            ChoiceRule(
                expression(f"$states.input.exit = {number}"),
                start if exit_ == self.region.entry else exit_,
                _assign(self._passed(exit_), "$states.input.values"),
            )
            for number, exit_ in enumerate(self._ways_on)
        ]
        if ended is not None:
            return Choice(_ORIGIN, tuple(rules), ended)
        *first, last = rules
        return Choice(_ORIGIN, tuple(first), last.next, last.assign)


def part_of(state: State) -> str | None:
    """The name of the part that a state runs, None if it runs none."""
    if not isinstance(state, Task) or state.origin.role != "part":
        return None
    return str(state.arguments["StateMachineArn"]).rpartition(":stateMachine:")[2].partition('"')[0]


def _assign(names: Iterable[str], source: str) -> dict[str, JsonValue]:
    return {name: expression(f"{source}.{name}") for name in sorted(names)}


def _arguments(machine: str, wanted: Collection[str], *, has_input: bool) -> dict[str, JsonValue]:
    run = f'$merge([{_INPUT}.run, {{"id": {RUN_ID}, "started_at": {_STARTED}}}])'
    # The service shows the two executions as parent and child (AWS: Step Functions, nested workflows).
    parent = '"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": $states.context.Execution.Id'
    own = ', "input": $states.input' if has_input else ""
    given = f'{{"run": {run}, "given": {_object(wanted)}{own}, {parent}}}'
    return {
        "StateMachineArn": expression(f'{_MACHINES} & ":stateMachine:{machine}"'),
        "Name": expression(f'$substring({RUN_ID}, 0, 43) & "-" & $uuid()'),
        "Input": expression(f"$merge([{_INPUT}, {given}])"),
    }


def _object(names: Collection[str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: ${name}" for name in sorted(names)) + "}"


def _rewritten(state: State, texts: Mapping[str, str]) -> State:
    """The state with everything that it and the scopes inside it evaluate rewritten."""

    def value(one: JsonValue) -> JsonValue:
        source = source_of(one)
        if source is not None:
            return expression(rewrite(source, texts))
        if isinstance(one, Mapping):
            return {name: value(inner) for name, inner in one.items()}
        return [value(inner) for inner in one] if isinstance(one, (list, tuple)) else one

    def inner(scope: States) -> States:
        return States(scope.start_at, {name: _rewritten(one, texts) for name, one in scope.states.items()})

    return with_inner(with_values(state, value), inner)


def with_values(state: State, value: Callable[[JsonValue], JsonValue]) -> State:
    """The state with each value that it evaluates itself changed."""

    def assign(given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        return {name: value(one) for name, one in given.items()}

    if isinstance(state, Choice):
        rules = tuple(
            replace(rule, condition=str(value(rule.condition)), assign=assign(rule.assign))
            for rule in state.rules
        )
        return replace(state, rules=rules, assign=assign(state.assign))
    if isinstance(state, Fail):
        return replace(state, error=value(state.error), cause=value(state.cause))
    if isinstance(state, Succeed):
        return replace(state, output=value(state.output))
    changed = replace(state, assign=assign(state.assign), output=value(state.output))
    if isinstance(changed, Wait):
        return replace(changed, seconds=value(changed.seconds), timestamp=value(changed.timestamp))
    if isinstance(changed, (Task, Parallel, Map)):
        catch = tuple(replace(one, assign=assign(one.assign)) for one in changed.catch)
        changed = replace(changed, catch=catch)
    if isinstance(changed, Task):
        return replace(changed, arguments=assign(changed.arguments))
    if isinstance(changed, Map):
        selector = None if changed.selector is None else assign(changed.selector)
        apart = changed.distributed
        if apart is not None:
            written, read = value(apart.written_under), value(apart.read_from)
            apart = replace(apart, written_under=written, read_from=read)
        return replace(changed, items=value(changed.items), selector=selector, distributed=apart)
    return changed
