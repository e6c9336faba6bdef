"""The API's operations on tags (Step Functions API reference)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from infra.local.states.activities import Activities
from infra.local.states.activity import Activity, activity_name
from infra.local.states.arn import parse_machine
from infra.local.states.machine import Machine
from infra.local.states.machines import Machines
from infra.local.states.parameters import Parameters
from infra.local.states.service_error import ServiceError, no_such_resource

Tags = tuple[tuple[str, str], ...]
_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class TagOperations:
    """Each method is one operation: the request's parameters in, the answer out."""

    machines: Machines
    activities: Activities

    @property
    def by_name(self) -> Mapping[str, Callable[[Parameters], Mapping[str, Any]]]:
        """The operations under the names that the API has for them."""
        return {
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.list_tags,
        }

    def tag(self, parameters: Parameters) -> dict[str, Any]:
        """TagResource, of a state machine or an activity. Raises ResourceNotFound or TooManyTags."""
        new = dict(read_tags(parameters))
        self._change(parameters, lambda tags: {**tags, **new})
        return {}

    def untag(self, parameters: Parameters) -> dict[str, Any]:
        """UntagResource; tags that are not there are no error. Raises ResourceNotFound."""
        keys = parameters.value("tagKeys")
        gone = set(map(str, keys)) if isinstance(keys, list) else set()
        self._change(parameters, lambda tags: {key: tags[key] for key in tags if key not in gone})
        return {}

    def list_tags(self, parameters: Parameters) -> dict[str, Any]:
        """ListTagsForResource. Raises ResourceNotFound."""
        found = self._find(parameters.required("resourceArn"))
        return {"tags": [{"key": key, "value": value} for key, value in found.tags]}

    def _change(self, parameters: Parameters, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
        arn = parameters.required("resourceArn")
        with self.machines.locked():
            tags = refuse_many(tuple(change(dict(self._find(arn).tags)).items()), arn)
            found = self._find(arn)
            if isinstance(found, Activity):
                self.activities.change(replace(found, tags=tags))
            else:
                self.machines.keep(replace(found, tags=tags))

    def _find(self, arn: str) -> Activity | Machine:
        """Versions and aliases have no tags of their own (recorded)."""
        found: Activity | Machine | None
        if ":activity:" in arn:
            found = self.activities.find(activity_name(arn))
        else:
            reference = parse_machine(arn)
            found = None if reference.is_qualified else self.machines.find(reference.name)
        if found is None:
            raise no_such_resource(arn)
        return found


def read_tags(parameters: Parameters) -> Tags:
    """The tags of a request."""
    return tuple((tag.required("key"), tag.text("value")) for tag in parameters.items("tags"))


def refuse_many(tags: Tags, resource: str) -> Tags:
    """The tags themselves. Raises TooManyTags for more than a resource may have (API reference)."""
    if len(tags) > _MOST:
        raise ServiceError("TooManyTags", f"Too many tags for resource: '{resource}': at most {_MOST}")
    return tags
