"""Read the fields of a definition and say what is wrong with one, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from translator.interpreter.failure import InvalidDefinition
from translator.interpreter.template import Template, compile_template, is_expression
from translator.json_value import JsonValue

_CODE: Final = "SCHEMA_VALIDATION_FAILED"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number must be within: a whole one where `minimum` is."""

    minimum: float = 0
    maximum: float | None = None


COUNT: Final = Bounds()
DURATION: Final = Bounds(1)
PERCENTAGE: Final = Bounds(0.0, 100.0)


class Reader:
    """One object of a definition, at `place` (a path such as /States/Charge)."""

    def __init__(self, fields: Mapping[str, JsonValue], place: str) -> None:
        self.fields = fields
        self.place = place

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def refuse(self, name: str, problem: str, code: str = _CODE) -> InvalidDefinition:
        """The error of the field `name`."""
        return InvalidDefinition(f"{code}: {problem}", f"{self.place}/{name}" if name else self.place or "/")

    def refuse_target(self, name: str, target: str) -> InvalidDefinition:
        """The error of a field that leads to a state that there is not; the service calls them all Next."""
        return self.refuse(name, f"Missing 'Next' target: {target}", "MISSING_TRANSITION_TARGET")

    def only(self, *names: str) -> None:
        """Refuse every other field."""
        for name in self.fields:
            if name not in names:
                raise self.refuse("", f"Field '{name}' is not supported")

    def text(self, name: str) -> str | None:
        """An optional string."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            raise self.refuse(name, "Expected value of type String")
        return value

    def required_text(self, name: str) -> str:
        """A string that must be there."""
        value = self.text(name)
        if value is None:
            raise self.refuse("", f"These fields are required: [{name}]")
        return value

    def choice(self, name: str, values: tuple[str, ...], default: str) -> str:
        """An optional string that must be one of `values`."""
        value = self.text(name)
        if value is not None and value not in values:
            raise self.refuse(name, f"'{value}' must be one of {', '.join(values)}")
        return default if value is None else value

    def texts(self, name: str) -> tuple[str, ...]:
        """The strings of an optional array."""
        value = self.fields.get(name, [])
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self.refuse(name, "Expected an array of strings")
        return tuple(str(item) for item in value)

    def flag(self, name: str) -> bool:
        """An optional boolean, false where absent."""
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise self.refuse(name, "Expected value of type Boolean")
        return value

    def number(self, name: str, bounds: Bounds = COUNT) -> float | None:
        """An optional number within the bounds."""
        if name not in self.fields:
            return None
        value = self.fields[name]
        kind = "Integer" if isinstance(bounds.minimum, int) else "Number"
        fits = isinstance(value, int) or (kind == "Number" and isinstance(value, float))
        if isinstance(value, bool) or not fits:
            raise self.refuse(name, f"Expected value of type {kind}")
        assert isinstance(value, int | float)
        if value < bounds.minimum:
            raise self.refuse(name, f"Minimum value is {bounds.minimum}")
        if bounds.maximum is not None and value > bounds.maximum:
            raise self.refuse(name, f"Maximum value is {bounds.maximum}")
        return value

    def alone(self, *names: str) -> None:
        """Refuse more than one of the fields."""
        if sum(name in self.fields for name in names) > 1:
            listed = ", ".join(names)
            raise self.refuse("", f"There should only be one of the following fields: [{listed}]")

    def object(self, name: str) -> Reader:
        """An object that must be there."""
        value = self.fields.get(name)
        if not isinstance(value, Mapping):
            raise self.refuse(name, "Expected value of type Object")
        return Reader(value, f"{self.place}/{name}")

    def objects(self, name: str) -> list[Reader]:
        """The objects of an optional array."""
        value = self.fields.get(name, [])
        if not isinstance(value, list | tuple):
            raise self.refuse(name, "Expected value of type Array")
        readers = []
        for index, item in enumerate(value):
            if not isinstance(item, Mapping):
                raise self.refuse(f"{name}[{index}]", "Expected value of type Object")
            readers.append(Reader(item, f"{self.place}/{name}[{index}]"))
        return readers

    def error_names(self, name: str) -> frozenset[str]:
        """A non-empty array of names of errors."""
        value = self.fields.get(name)
        if (
            not isinstance(value, list | tuple)
            or not value
            or not all(isinstance(item, str) for item in value)
        ):
            raise self.refuse(name, "Expected a non-empty array of strings")
        names = frozenset(str(item) for item in value)
        if "States.ALL" in names and len(names) > 1:
            raise self.refuse(name, "States.ALL must stand alone")
        return names

    def template(self, name: str, location: str = "") -> Template | None:
        """An optional field with expressions; `location` is its name in the service's messages."""
        if name not in self.fields:
            return None
        if name == "Assign":
            self.object(name)
        place = self.place[: -len(location)] if location else f"{self.place}/"
        return compile_template(self.fields[name], f"{location}{name}", place.rstrip("/"))

    def constant(self, name: str) -> Template | None:
        """An optional field that is taken as it stands, whatever it looks like."""
        if name not in self.fields:
            return None
        value = self.fields[name]
        return Template(name, lambda _scope, _ambient: value, constant=True, needs_context=False)

    def number_template(self, name: str, bounds: Bounds = COUNT) -> Template | None:
        """An optional field that holds a number within the bounds or an expression for one."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not is_expression(value):
            self.number(name, bounds)
        return self.template(name)
