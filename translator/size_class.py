"""The functions that do the nodes' work: one code with more and more memory, by `resources` of a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Size = Literal["small", "medium", "large"]


@dataclass(frozen=True, slots=True)
class SizeClass:
    """One of them."""

    function: str
    """Its name in the topology."""
    placeholder: str
    """What stands in a machine for its ARN, put there by whoever deploys the machine."""
    megabytes: int


SIZE_CLASSES: Final[Mapping[Size, SizeClass]] = MappingProxyType(
    {
        "small": SizeClass("node_task", "${NodeTaskFunction}", 512),
        "medium": SizeClass("node_task_medium", "${NodeTaskMediumFunction}", 1_769),
        "large": SizeClass("node_task_large", "${NodeTaskLargeFunction}", 3_008),
    }
)
"""Medium has one processor for itself; large is what every account may have (AWS: Lambda quotas)."""
BY_PLACEHOLDER: Final[Mapping[str, SizeClass]] = MappingProxyType(
    {size_class.placeholder: size_class for size_class in SIZE_CLASSES.values()}
)


def placeholder(resources: Size | None) -> str:
    """The function that works for a node with these `resources`."""
    return SIZE_CLASSES[resources or "small"].placeholder
