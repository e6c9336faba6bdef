"""The message of a firing, as schedules, rules and functions put it into the queue `starts`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from layers.runtime.json_value import JsonObject, JsonValue, NotJsonError, read_json, write_json

_TEXTS: Final = ("workflow", "trigger", "type", "identity")


class MalformedFiringError(Exception):
    """A message that nothing of the project has sent; it belongs into the dead-letter queue."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One firing of a trigger."""

    workflow: str
    trigger: str
    type: str
    identity: str
    """What makes it unique among the trigger's firings: the scheduled time, or the event's id."""
    fired_at: datetime
    fields: JsonObject = field(default_factory=dict)
    """What the type brings: `scheduled_at`, `event`, `items`, `runs`, `messages`, `body`."""
    replay: str | None = None
    """The name of the replay that it belongs to."""
    waits: int = 0
    """How often it has been put back into the queue."""
    late_by_seconds: int | None = None
    """How late it was when it was taken for the first time."""

    @property
    def key(self) -> str:
        """The idempotency key of its run: the same firing, delivered twice, starts one run."""
        return firing_key(self.trigger, self.identity)

    def to_text(self) -> str:
        """The message."""
        written: dict[str, JsonValue] = {
            **self.fields,
            "workflow": self.workflow,
            "trigger": self.trigger,
            "type": self.type,
            "identity": self.identity,
            "fired_at": self.fired_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }
        optional = {
            "replay": self.replay,
            "waits": self.waits or None,
            "late_by_seconds": self.late_by_seconds,
        }
        return write_json(
            {**written, **{name: value for name, value in optional.items() if value is not None}}
        )


def named_in(text: str) -> JsonObject:
    """What a message is about, for logs: nothing of what it carries."""
    try:
        message = read_json(text)
    except NotJsonError:
        return {}
    if not isinstance(message, Mapping):
        return {}
    return {name: message[name] for name in (*_TEXTS, "fired_at", "replay") if name in message}


def firing_key(trigger: str, identity: str) -> str:
    """The idempotency key of what a firing starts."""
    digest = hashlib.sha256(f"{trigger}\0{identity}".encode()).hexdigest()
    return f"fired-{digest[:40]}"


def read_firing(text: str, sent_at: datetime) -> Firing:
    """The firing of a message; one that does not say when it was fired was fired when it was sent.

    Raises MalformedFiringError.
    """
    try:
        message = read_json(text)
    except NotJsonError as error:
        raise MalformedFiringError(f"the message is not JSON: {error}") from error
    if not isinstance(message, Mapping):
        raise MalformedFiringError("the message is no JSON object")
    missing = [name for name in _TEXTS if not isinstance(message.get(name), str) or not message[name]]
    if missing:
        raise MalformedFiringError(f"the message lacks {', '.join(repr(name) for name in missing)}")
    given: dict[str, Any] = dict(message)
    texts = {name: given.pop(name) for name in _TEXTS}
    replay = given.pop("replay", None) or _replay_of(given.get("event"))
    if replay is not None and not texts["identity"].startswith(f"{replay}:"):
        # What the event has started before is no reason not to start it in a replay.
        texts["identity"] = f"{replay}:{texts['identity']}"
    return Firing(
        **texts,
        fired_at=_moment(given.pop("fired_at", None), sent_at),
        replay=replay,
        waits=int(given.pop("waits", 0)),
        late_by_seconds=given.pop("late_by_seconds", None),
        fields=given,
    )


def _replay_of(event: JsonValue) -> str | None:
    """The replay that EventBridge names in events that it delivers again."""
    name = event.get("replay-name") if isinstance(event, Mapping) else None
    return str(name) if name else None


def moment_of(text: JsonValue) -> datetime | None:
    """The instant of an ISO 8601 time, UTC where it names no offset; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _moment(text: JsonValue, otherwise: datetime) -> datetime:
    return otherwise if text is None else moment_of(text) or otherwise
