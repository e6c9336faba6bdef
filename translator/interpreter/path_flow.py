"""The fields of JSONPath mode as the same templates that JSONata mode has: the seam between the two."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from translator.expressions.evaluator import Ambient
from translator.interpreter.failure import PathFailure, StateFailure
from translator.interpreter.intrinsic import compile_call
from translator.interpreter.path import Names, Select, View, compile_path, parse_path
from translator.interpreter.payload import encode
from translator.interpreter.read import Reader
from translator.interpreter.template import Template
from translator.json_value import JsonValue

_WHOLE: Final = "$"
_PLACE: Final = re.compile(r"\.([^\s.\[\]'\"()?@*]+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]")

_Evaluate: TypeAlias = "Callable[[View], JsonValue]"
_Place: TypeAlias = "Callable[[JsonValue, JsonValue], JsonValue]"
_Step: TypeAlias = "str | int"


@dataclass(frozen=True, slots=True)
class Flow:
    """The data flow of one state: what its paths begin with, and where its result goes."""

    reader: Reader

    def input(self) -> Select:
        """InputPath, applied to the state's input."""
        return self._path_or_empty("InputPath")

    def payload(self, reader: Reader, field: str) -> Template | None:
        """A field of `reader` that is a template with paths into the state's input."""
        if field not in reader:
            return None
        fill, first = compile_payload(reader.fields[field], reader, field), self.input()
        return self.template(field, lambda view: fill(view, first(view, _state(view, "input"))))

    def filtered(self) -> Template:
        """The state's input after InputPath."""
        first = self.input()
        return self.template("InputPath", lambda view: first(view, _state(view, "input")))

    def selected(self, source: str) -> Template:
        """The result `source` after ResultSelector."""
        result = self._result(source)
        return self.template("ResultSelector", lambda view: result(view, None))

    def placed(self, source: str) -> Template:
        """The state's input with the result `source` in its place."""
        result, place = self._result(source), self._result_path()
        return self.template("ResultPath", lambda view: place(_state(view, "input"), result(view, None)))

    def arguments(self) -> Template:
        """InputPath and Parameters: what a Task, a Parallel's branches or a Wait are given."""
        select = self._effective_input()
        return self.template("Parameters", lambda view: select(view, _state(view, "input")))

    def results(self, source: str) -> tuple[Template, Template | None]:
        """Output and Assign of a state whose result is `source` in `$states` (input, result, errorOutput)."""
        result, place, last = self._result(source), self._result_path(), self._path_or_empty("OutputPath")

        def output(view: View) -> JsonValue:
            return last(view, place(_state(view, "input"), result(view, None)))

        whole = self.template("Output", output)
        if "Assign" not in self.reader:
            return whole, None
        assign = compile_payload(self.reader.object("Assign").fields, self.reader, "Assign")
        return whole, self.template("Assign", lambda view: assign(view, result(view, None)))

    def passing(self) -> tuple[Template, Template | None]:
        """Output and Assign of a state that only hands its input on, by InputPath and OutputPath."""
        first, last = self.input(), self._path_or_empty("OutputPath")
        whole = self.template("Output", lambda view: last(view, first(view, _state(view, "input"))))
        return whole, self.assign(self.reader)

    def assign(self, reader: Reader) -> Template | None:
        """The Assign of the state or of a rule, on the state's input."""
        if "Assign" in reader:
            reader.object("Assign")
        return self.payload(reader, "Assign")

    def template(self, location: str, evaluate: _Evaluate) -> Template:
        """A template that evaluates so."""

        def run(names: Names, ambient: Ambient) -> JsonValue:
            return evaluate(View(names, ambient))

        needs_context = "$$" in str(self.reader.fields)
        return Template(location, run, constant=False, needs_context=needs_context)

    def _effective_input(self) -> Select:
        """InputPath, then Parameters."""
        first = self.input()
        if "Parameters" not in self.reader:
            return first
        fill = compile_payload(self.reader.fields["Parameters"], self.reader, "Parameters")
        return lambda view, base: fill(view, first(view, base))

    def _result(self, source: str) -> Select:
        """The state's result, with ResultSelector applied where there is one."""
        if "Result" in self.reader:
            constant = self.reader.fields["Result"]
            return lambda _view, _base: constant
        if source == "input":
            effective = self._effective_input()
            return lambda view, _base: effective(view, _state(view, "input"))
        if "ResultSelector" not in self.reader:
            return lambda view, _base: _state(view, source)
        fill = compile_payload(self.reader.fields["ResultSelector"], self.reader, "ResultSelector")
        return lambda view, _base: fill(view, _state(view, source))

    def _path_or_empty(self, field: str) -> Select:
        """InputPath and OutputPath: null means an empty object."""
        text = self.reader.text(field)
        if text is None:
            return (lambda _view, _base: {}) if field in self.reader else (lambda _view, base: base)
        select = path_of(text, self.reader, field)

        def find(view: View, base: JsonValue) -> JsonValue:
            try:
                return select(view, base)
            except PathFailure as failure:
                steps = "".join(f"['{step}']" for step in text.split(".")[1:])
                raise PathFailure(f"Invalid path '{text}' : No results for path: ${steps}") from failure

        return find

    def _result_path(self) -> _Place:
        """How the result joins the input: null drops it, `$` replaces the input, a path puts it there."""
        reader = self.reader
        if "ResultPath" in reader and reader.fields["ResultPath"] is None:
            return lambda data, _result: data
        text = reader.text("ResultPath") or _WHOLE
        if text == _WHOLE:
            return lambda _data, result: result
        steps = _reference(text)
        if steps is None:
            raise reader.refuse("ResultPath", "Value is not a Reference Path")
        return lambda data, result: _put(data, steps, result, text)


def _state(view: View, key: str) -> JsonValue:
    states = view.names["states"]
    assert isinstance(states, Mapping)
    return states[key]


def _reference(text: str) -> list[_Step] | None:
    if not text.startswith(_WHOLE):
        return None
    steps: list[_Step] = []
    place = 1
    while place < len(text):
        match = _PLACE.match(text, place)
        if match is None:
            return None
        name, quoted, index = match.groups()
        steps.append(int(index) if index is not None else name or quoted)
        place = match.end()
    return steps


def _put(data: JsonValue, steps: list[_Step], result: JsonValue, text: str) -> JsonValue:
    if not steps:
        return result
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if not isinstance(data, list) or step >= len(data):
            raise _no_match(text, data)
        return [*data[:step], _put(data[step], rest, result, text), *data[step + 1 :]]
    if data is not None and not isinstance(data, Mapping):
        raise _no_match(text, data)
    fields = dict(data or {})
    fields[step] = _put(fields.get(step), rest, result, text)
    return fields


def _no_match(text: str, data: JsonValue) -> StateFailure:
    cause = f"Unable to apply ReferencePath {text} to input {encode(data)}"
    return StateFailure("States.ResultPathMatchFailure", cause)


def path_of(text: str, reader: Reader, field: str) -> Select:
    """The selection that a path means; raises InvalidDefinition."""
    select = compile_path(text, field)
    if select is None:
        raise reader.refuse(field, "Value must be a valid JSONPath.")
    return select


def path_or_call(text: str, reader: Reader, field: str, template: str | None = None) -> Select:
    """The selection that a path or a call of an intrinsic function means; raises InvalidDefinition.

    `template` is the field with the payload template that `field` is a key of.
    """
    select = compile_call(text) or compile_path(text, field, lenient=template is not None)
    if select is None:
        problem = (
            f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
        )
        raise reader.refuse(template or field, problem)
    return select


def compile_payload(value: JsonValue, reader: Reader, field: str) -> Select:
    """A template in which a key that ends in `.$` holds a path or a call."""
    if isinstance(value, Mapping):
        parts = [_part(key, item, reader, field) for key, item in value.items()]
        return lambda view, base: {key: fill(view, base) for key, fill in parts}
    if isinstance(value, list | tuple):
        items = [compile_payload(item, reader, field) for item in value]
        return lambda view, base: [fill(view, base) for fill in items]
    return lambda _view, _base: value


def _part(key: str, item: JsonValue, reader: Reader, field: str) -> tuple[str, Select]:
    if not key.endswith(".$"):
        return key, compile_payload(item, reader, field)
    if not isinstance(item, str):
        raise reader.refuse(field, f"The value for the field '{key}' must be a STRING")
    return key[:-2], path_or_call(item, reader, key, field)


def reference_items(text: str, *, objects: bool) -> Callable[[View, JsonValue], JsonValue] | None:
    """ItemsPath: the array that the reference path leads to, or None if the text is no path.

    With `objects` it may lead to an object, whose fields are the items (AWS: of a distributed Map only).
    """
    kinds = list | Mapping if objects else list
    path = parse_path(text)
    if path is None:
        return None

    def find(view: View, base: JsonValue) -> JsonValue:
        found = path.find(view, base)
        if not found:
            step = (_reference(text) or [text])[-1]
            cause = f'Unable to apply step "{step}" to input {encode(path.start(view, base))}'
            raise StateFailure("States.ReferencePathConflict", cause)
        value = found[0] if path.definite else found
        if not isinstance(value, kinds):
            raise PathFailure(f'Reference path "{text}" must point to array.')
        return value

    return find
