"""A state machine with its versions and aliases, as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from infra.local.states.arn import machine_arn
from translator.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class Revision:
    """What an update changes; `options` are the parts of a request that are kept and given back as they are.

    Times are epoch seconds.
    """

    digest: str
    role_arn: str
    identity: str
    updated_at: float
    options: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable revision under a number."""

    number: int
    revision: Revision
    description: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for one or two versions, with weights that add up to 100."""

    name: str
    description: str
    routes: tuple[tuple[int, int], ...]
    """Pairs of version and weight."""
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine."""

    name: str
    kind: str
    created_at: float
    revision: Revision
    tags: tuple[tuple[str, str], ...] = ()
    versions: tuple[Version, ...] = ()
    """Oldest first."""
    aliases: tuple[Alias, ...] = ()
    next_version: int = 1

    @property
    def arn(self) -> str:
        """Without a qualifier."""
        return machine_arn(self.name)

    def version(self, number: int) -> Version | None:
        """The version of that number."""
        return next((version for version in self.versions if version.number == number), None)

    def alias(self, name: str) -> Alias | None:
        """The alias of that name."""
        return next((alias for alias in self.aliases if alias.name == name), None)

    def revision_of(self, number: int | None, digest: str) -> Revision:
        """The revision of a version, or the latest; where that has changed since, one with the definition."""
        return replace(self.revision_started(number), digest=digest)

    def revision_started(self, number: int | None) -> Revision:
        """What an execution of the version goes by, or of none: the latest."""
        version = None if number is None else self.version(number)
        return self.revision if version is None else version.revision

    def with_alias(self, alias: Alias) -> Machine:
        """The machine with an alias added or replaced."""
        others = tuple(other for other in self.aliases if other.name != alias.name)
        return replace(self, aliases=(*others, alias))

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @staticmethod
    def from_json(record: Mapping[str, Any]) -> Machine:
        """The machine in a record; older ones have the options beside the revision, for all versions."""
        fields = dict(record)
        common = fields.pop("options", {})
        return Machine(
            **{
                **fields,
                "revision": _revision(record["revision"], common),
                "tags": tuple((key, value) for key, value in record["tags"]),
                "versions": tuple(_version(version, common) for version in record["versions"]),
                "aliases": tuple(_alias(alias) for alias in record["aliases"]),
            }
        )


def _revision(record: Mapping[str, Any], common: Mapping[str, JsonValue]) -> Revision:
    return Revision(**{"options": common, **record})


def _version(record: Mapping[str, Any], common: Mapping[str, JsonValue]) -> Version:
    return Version(**{**record, "revision": _revision(record["revision"], common)})


def _alias(record: Mapping[str, Any]) -> Alias:
    return Alias(**{**record, "routes": tuple((number, weight) for number, weight in record["routes"])})
