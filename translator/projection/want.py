"""What is wanted of one value: parts by field, all of it, or no more than to pass it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from translator.json_value import JsonValue

RESERVED: Final = "steploom__"
"""The field by which a value says that the whole of it is in the object store."""
_DEEPEST: Final = 8
"""Fields of fields: what is wanted further down counts as wanted whole, so that every analysis ends."""


@dataclass(frozen=True, slots=True)
class Want:
    """A tree of fields, which apply to each element of an array, as JSONata's paths do."""

    whole: bool = False
    """An expression looks at all of it."""
    passed: bool = False
    """It is handed on as it is, for which a reference will do."""
    shape: bool = False
    """An expression asks how many elements it has; where there are fields, it does anyway."""
    fields: Mapping[str, Want] = field(default_factory=lambda: MappingProxyType({}))

    def of_field(self, name: str) -> Want:
        """What is wanted of a value of which this is wanted of one field."""
        if self == NOTHING:
            return NOTHING
        return Want(fields={name: self}) if self.depth < _DEEPEST else WHOLE

    def at(self, name: str) -> Want:
        """What is wanted of a field."""
        if self.whole:
            return WHOLE
        inner = self.fields.get(name, NOTHING)
        return inner.joined(PASSED) if self.passed else inner

    @property
    def depth(self) -> int:
        """How many fields deep it goes."""
        return 1 + max((inner.depth for inner in self.fields.values()), default=0)

    def joined(self, other: Want) -> Want:
        """Both together."""
        if self.whole or other.whole:
            return WHOLE
        fields = dict(self.fields)
        for name, inner in other.fields.items():
            fields[name] = fields[name].joined(inner) if name in fields else inner
        return Want(passed=self.passed or other.passed, shape=self.shape or other.shape, fields=fields)

    def changed(self) -> Want:
        """The same of a value that is not handed on as it is: a selection of it, say."""
        return WHOLE if self.passed else self

    def to_json(self) -> JsonValue:
        """true is all of it, "reference" a reference to it, an object what is wanted by field."""
        if self.whole:
            return True
        if self.passed and not self.fields and not self.shape:
            return "reference"
        inner = {name: self.fields[name].to_json() for name in sorted(self.fields)}
        return {**inner, RESERVED: "reference"} if self.passed else inner


WHOLE: Final = Want(whole=True)
NOTHING: Final = Want()
"""Nobody looks at the value; what it is made of must still fail where it fails."""
PASSED: Final = Want(passed=True)
SHAPE: Final = Want(shape=True)
