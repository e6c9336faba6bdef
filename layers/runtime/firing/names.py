"""The names of what fires triggers: the same for the same trigger, so that nothing is made twice."""

from __future__ import annotations

import hashlib
from typing import Final

from layers.runtime.json_value import JsonObject

PLATFORM: Final = "platform"
"""What the definition language calls the project's own bus."""

LONGEST: Final = 64
"""Characters of a schedule's and of a rule's name (AWS: CreateSchedule, PutRule)."""
_DIGEST: Final = 8


def resource_name(*parts: str) -> str:
    """The parts with dots between them; what is too long ends in a digest of the whole."""
    whole = ".".join(parts)
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST]
    return f"{whole[: LONGEST - _DIGEST - 1]}-{digest}"


def rule_name(project: str, workflow: str, trigger: str) -> str:
    """The name of the EventBridge rule of an event trigger, on whichever bus it is."""
    return resource_name(f"{project}-{workflow}", trigger)


def bus_of(trigger: JsonObject, platform_bus: str) -> str:
    """The name or ARN of the bus that an event trigger listens to."""
    named = str(trigger.get("bus") or PLATFORM)
    return platform_bus if named == PLATFORM else named
