"""How a node does its work: what it waits for, how long it may take, how often it is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from steploom.story.reading import Reading
from steploom.story.wording import listed
from translator.definition.model import Node, RetryEntry, RetryPreset
from translator.graph import FlowNode
from translator.lower.errors import PRESETS
from translator.node_type import Iterating

_BOTH: Final = 2
_TOLD: Final = 4


def waiting(reading: Reading, node: str) -> Iterator[str]:
    """What the node waits for, if several may lead to it."""
    sources = reading.waits_for(node)
    if not sources:
        return
    join = reading.node(node).join
    if join == "first":
        names = reading.titles(sources, "or")
        yield f"Runs as soon as the first of {names} leads here; what the others still do is cancelled."
        return
    every = "both lead" if len(sources) == _BOTH else "all of them lead"
    enough = f"only if {every} here" if join == "all" else "if at least one of them leads here"
    yield f"Waits until {reading.titles(sources)} have ended, and runs {enough}."


def effort(node: FlowNode) -> Iterator[str]:
    """Bounds on failures and on time, and the retries."""
    if isinstance(node.lowering, Iterating):
        yield from _tolerance(node.lowering)
    seconds = node.definition.timeout_seconds
    if seconds is not None:
        yield f"Fails with Timeout if an attempt takes longer than {seconds} seconds."
    yield from _retries(node.definition)


def _tolerance(lowering: Iterating) -> Iterator[str]:
    count, share = lowering.tolerated_count, lowering.tolerated_percentage
    if share == 100:
        yield "However many of them fail, the others go on."
    elif share is not None:
        yield f"Up to {share:g} % of them may fail; the others go on."
    elif count is not None:
        yield f"Up to {count} of them may fail; the others go on."


def _retries(node: Node) -> Iterator[str]:
    policy = node.retry_policy
    entries = PRESETS[policy.preset] if isinstance(policy, RetryPreset) else policy or ()
    for entry in entries:
        errors = "" if "*" in entry.errors else f" with {listed(entry.errors, 'or')}"
        again = "once more" if entry.max_attempts == 1 else f"up to {entry.max_attempts} times more"
        if entry.max_attempts:
            yield f"If it fails{errors}, it is tried {again}, after {_pauses(entry)}."


def _pauses(entry: RetryEntry) -> str:
    """The first few waits before attempts, in seconds."""
    pauses = [entry.interval_seconds * entry.backoff_rate**attempt for attempt in range(entry.max_attempts)]
    most = entry.max_delay_seconds
    told = [f"{pause if most is None else min(pause, most):g}" for pause in pauses[:_TOLD]]
    rest = " and so on" if len(pauses) > _TOLD else ""
    if len(set(told)) == 1:
        return f"{told[0]} s{' each' if len(pauses) > 1 else ''}"
    return f"{', '.join(told)} s{rest}" if rest else f"{listed(told)} s"
