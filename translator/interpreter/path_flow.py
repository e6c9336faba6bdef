"""The fields of JSONPath mode as the same templates that JSONata mode has: the seam between the two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from translator.expressions.evaluator import Ambient
from translator.interpreter.failure import PathFailure
from translator.interpreter.path import Names, Select, compile_path
from translator.interpreter.read import Reader
from translator.interpreter.template import Template
from translator.json_value import JsonValue

_WHOLE: Final = "$"


def arguments_template(reader: Reader) -> Template:
    """InputPath and Parameters: what a Task is given."""
    select = _effective_input(reader)
    return _template("Parameters", lambda names: select(names, _state(names, "input")), reader)


def result_templates(reader: Reader, source: str) -> tuple[Template, Template | None]:
    """Output and Assign of a state whose result is `source` in `$states` (input, result or errorOutput)."""
    result = _result(reader, source)
    place_result = _result_path(reader)
    last = _path_or_empty(reader, "OutputPath")

    def output(names: Names) -> JsonValue:
        placed = place_result(_state(names, "input"), result(names, None))
        return last(names, placed)

    whole = _template("Output", output, reader)
    if "Assign" not in reader:
        return whole, None
    assign = _payload(reader.fields["Assign"], reader, "Assign")
    return whole, _template("Assign", lambda names: assign(names, result(names, None)), reader)


def _state(names: Names, key: str) -> JsonValue:
    states = names["states"]
    assert isinstance(states, Mapping)
    return states[key]


def _template(location: str, evaluate: Any, reader: Reader) -> Template:
    def run(names: Names, _ambient: Ambient) -> JsonValue:
        value: JsonValue = evaluate(names)
        return value

    return Template(location, run, constant=False, needs_context="$$" in str(reader.fields))


def _effective_input(reader: Reader) -> Select:
    """InputPath, then Parameters."""
    first = _path_or_empty(reader, "InputPath")
    if "Parameters" not in reader:
        return first
    fill = _payload(reader.fields["Parameters"], reader, "Parameters")
    return lambda names, base: fill(names, first(names, base))


def _result(reader: Reader, source: str) -> Select:
    """The state's result, with ResultSelector applied where there is one."""
    if "Result" in reader:
        constant = reader.fields["Result"]
        return lambda _names, _base: constant
    if source == "input":
        effective = _effective_input(reader)
        return lambda names, _base: effective(names, _state(names, "input"))
    if "ResultSelector" not in reader:
        return lambda names, _base: _state(names, source)
    fill = _payload(reader.fields["ResultSelector"], reader, "ResultSelector")
    return lambda names, _base: fill(names, _state(names, source))


def _path_or_empty(reader: Reader, field: str) -> Select:
    """InputPath and OutputPath: null means an empty object."""
    text = reader.text(field)
    if text is None:
        return (lambda _names, _base: {}) if field in reader else (lambda _names, base: base)
    select = _path(text, reader, field)

    def find(names: Names, base: JsonValue) -> JsonValue:
        try:
            return select(names, base)
        except PathFailure as failure:
            steps = "".join(f"['{step}']" for step in text.split(".")[1:])
            raise PathFailure(f"Invalid path '{text}' : No results for path: ${steps}") from failure

    return find


def _result_path(reader: Reader) -> Any:
    """How the result joins the input: null drops it, `$` replaces the input, a path puts it there."""
    if "ResultPath" in reader and reader.fields["ResultPath"] is None:
        return lambda data, _result: data
    text = reader.text("ResultPath") or _WHOLE
    if text == _WHOLE:
        return lambda _data, result: result
    steps = text.split(".")
    if steps[0] != _WHOLE or not all(steps) or "[" in text:
        raise reader.refuse("ResultPath", f"The path '{text}' does not run here: only fields after '$' do")
    return lambda data, result: _put(data, steps[1:], result)


def _put(data: JsonValue, steps: list[str], result: JsonValue) -> JsonValue:
    if not steps:
        return result
    fields = dict(data) if isinstance(data, Mapping) else {}
    fields[steps[0]] = _put(fields.get(steps[0]), steps[1:], result)
    return fields


def _path(text: str, reader: Reader, field: str) -> Select:
    select = compile_path(text, field)
    if select is None:
        raise reader.refuse(field, f"'{text}' does not run here: only paths of fields and indexes do")
    return select


def _payload(value: JsonValue, reader: Reader, field: str) -> Select:
    """A template in which a key that ends in `.$` holds a path."""
    if isinstance(value, Mapping):
        parts = [_part(key, item, reader, field) for key, item in value.items()]
        return lambda names, base: {key: fill(names, base) for key, fill in parts}
    if isinstance(value, list | tuple):
        items = [_payload(item, reader, field) for item in value]
        return lambda names, base: [fill(names, base) for fill in items]
    return lambda _names, _base: value


def _part(key: str, item: JsonValue, reader: Reader, field: str) -> tuple[str, Select]:
    if not key.endswith(".$"):
        return key, _payload(item, reader, field)
    if not isinstance(item, str):
        raise reader.refuse(field, f"The value of '{key}' must be a path")
    return key[:-2], _path(item, reader, key)
