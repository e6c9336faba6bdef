"""A/B: some of a workflow's runs go to a second version, the candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal

from layers.runtime.json_value import JsonObject

ArmName = Literal["active", "candidate"]
ACTIVE: Final[ArmName] = "active"
CANDIDATE: Final[ArmName] = "candidate"


@dataclass(frozen=True, slots=True)
class Arm:
    """A version as runs of an A/B are started on it: not by the alias, which would choose again."""

    version: int
    machine_version_arn: str
    has_input: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """Both versions, and how many runs of a hundred the candidate gets (1 to 99)."""

    active: Arm
    candidate: Arm
    weight: int

    def to_json(self) -> JsonObject:
        """The form in items."""
        return asdict(self)

    @classmethod
    def read(cls, value: object) -> Split | None:
        """The split of an item, which mostly has none."""
        if not isinstance(value, Mapping):
            return None
        return cls(Arm(**value["active"]), Arm(**value["candidate"]), value["weight"])

    def arm(self, name: ArmName) -> Arm:
        """One of the two."""
        return self.candidate if name == CANDIDATE else self.active

    def throw(self, randomness: Callable[[int], bytes]) -> ArmName:
        """The arm of one run."""
        return CANDIDATE if int.from_bytes(randomness(4), "big") % 100 < self.weight else ACTIVE
