"""Error names as the service matches them, and retry policies as Retry entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from translator.asl import Retrier
from translator.definition.model import Node, RetryEntry, RetryPreset
from translator.error_classes import NAMES_OF_CLASS

ANY: Final = "*"

PRESETS: Final[Mapping[str, tuple[RetryEntry, ...]]] = MappingProxyType(
    {
        "none": (),
        "network": (
            RetryEntry(
                errors=("Network",), max_attempts=4, interval_seconds=1, backoff_rate=2, jitter="full"
            ),
            RetryEntry(errors=("System", "Throttled"), max_attempts=2, interval_seconds=2),
        ),
        "timeout": (RetryEntry(errors=("Timeout",), max_attempts=3, interval_seconds=5, backoff_rate=1),),
        "system": (RetryEntry(errors=("System",), max_attempts=2, interval_seconds=5),),
        "careful": (RetryEntry(errors=("Unknown",), max_attempts=2, interval_seconds=5),),
        "default": (
            RetryEntry(
                errors=("Network",), max_attempts=4, interval_seconds=1, backoff_rate=2, jitter="full"
            ),
            RetryEntry(errors=("Timeout",), max_attempts=3, interval_seconds=5, backoff_rate=1),
            RetryEntry(errors=("System", "Throttled"), max_attempts=2, interval_seconds=5),
            RetryEntry(errors=("Unknown",), max_attempts=2, interval_seconds=5),
        ),
    }
)

NEVER_STARTED: Final = Retrier(("Lambda.TooManyRequestsException",), max_attempts=6, interval_seconds=1)
"""The function was not called at all, so trying again is safe whatever the node does."""


def service_names(errors: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    """All names of some error classes; `*` is the closed list of ours and the definition's `own`.

    Never `States.ALL`, which would also take what begins with `Steploom.` and is not for the user.
    """
    names: list[str] = []
    for error in errors:
        if error == ANY:
            names += [name for group in NAMES_OF_CLASS.values() for name in group]
            names += own
        else:
            names += NAMES_OF_CLASS.get(error, (error,))
    return tuple(dict.fromkeys(names))


def retriers(node: Node, own: Iterable[str]) -> tuple[Retrier, ...]:
    """The node's retry policy as Retry entries; each error name stands in the first entry that names it."""
    policy = node.retry_policy
    entries = PRESETS[policy.preset] if isinstance(policy, RetryPreset) else policy or ()
    seen: set[str] = set()
    found: list[Retrier] = []
    for entry in entries:
        names = tuple(name for name in service_names(entry.errors, own) if name not in seen)
        seen.update(names)
        if names:
            found.append(_retrier(entry, names))
    unnamed = not seen.intersection(NEVER_STARTED.errors)
    return (*found, NEVER_STARTED) if unnamed else tuple(found)


def _retrier(entry: RetryEntry, names: tuple[str, ...]) -> Retrier:
    return Retrier(
        names,
        max_attempts=entry.max_attempts,
        interval_seconds=entry.interval_seconds,
        backoff_rate=entry.backoff_rate,
        max_delay_seconds=entry.max_delay_seconds,
        full_jitter=entry.jitter == "full",
    )
