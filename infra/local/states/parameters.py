"""Reads the parameters of an API request, with the service's refusals for what does not fit."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from infra.local.states.service_error import invalid_name, invalid_value
from translator.json_value import JsonObject, JsonValue

_FORBIDDEN: Final = re.compile(r"""[\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]""")
_MAXIMUM_NAME: Final = 80


class Parameters:
    """The body of one request."""

    def __init__(self, body: JsonObject) -> None:
        self._body = body

    def text(self, name: str, default: str = "") -> str:
        """A text, or the default if it is not given."""
        value = self._body.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise invalid_value(name, value, "Member must be a string")
        return value

    def optional(self, name: str, longest: int) -> str | None:
        """A text of at most so many characters, or None if it is not given."""
        value = self.text(name) if self.has(name) else None
        if value is not None and len(value) > longest:
            rule = f"Member must have length less than or equal to {longest}"
            raise invalid_value(name, f"{value[:50]}…", rule)
        return value

    def required(self, name: str) -> str:
        """A text that must be given and not be empty."""
        value = self.text(name)
        if not value:
            raise invalid_value(name, self._body.get(name), "Member must not be null")
        return value

    def name(self, name: str, value: str | None = None) -> str:
        """A required name of at most 80 characters, without those that names refuse."""
        given = self.required(name) if value is None else value
        if len(given) > _MAXIMUM_NAME or _FORBIDDEN.search(given):
            raise invalid_name(given)
        return given

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean."""
        value = self._body.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise invalid_value(name, value, "Member must be a boolean")
        return value

    def number(self, name: str, default: int, maximum: int) -> int:
        """A whole number from 1 to a maximum; 0 means the default."""
        value = self._body.get(name) or default
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= maximum:
            raise invalid_value(name, value, f"Member must be between 0 and {maximum}")
        return value

    def choice(self, name: str, values: tuple[str, ...], default: str) -> str:
        """A text that must be one of the values."""
        value = self.text(name, default)
        if value not in values:
            raise invalid_value(name, value, f"Member must satisfy enum value set: [{', '.join(values)}]")
        return value

    def count(self, name: str) -> int | None:
        """A whole number from 0, or None if it is not given."""
        value = self._body.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise invalid_value(name, value, "Member must have value greater than or equal to 0")
        return value

    def object(self, name: str) -> Parameters:
        """The fields of a structure, none if it is not given."""
        value = self._body.get(name)
        if value is None:
            return Parameters({})
        if not isinstance(value, Mapping):
            raise invalid_value(name, value, "Member must be a structure")
        return Parameters(value)

    def digest(self, *, without: tuple[str, ...]) -> str:
        """The same for the same parameters, but for those that do not count."""
        counted = {name: value for name, value in self._body.items() if name not in without}
        return hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()[:16]

    def has(self, name: str) -> bool:
        """Whether it is given."""
        return self._body.get(name) is not None

    def value(self, name: str) -> JsonValue:
        """The value as it is, None if it is not given."""
        return self._body.get(name)

    def items(self, name: str) -> tuple[Parameters, ...]:
        """The objects of a list, empty if it is not given."""
        value = self._body.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise invalid_value(name, value, "Member must be a list of structures")
        return tuple(Parameters(item) for item in value if isinstance(item, Mapping))
