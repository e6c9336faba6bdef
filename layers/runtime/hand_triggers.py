"""The `$trigger` of a run that somebody starts by hand."""

from __future__ import annotations

from collections.abc import Sequence

from layers.runtime.json_value import JsonObject, JsonValue
from layers.runtime.problems import bad_request


def trigger_value(
    triggers: Sequence[JsonObject], wanted: str | None, body: JsonValue, now: str
) -> dict[str, JsonValue]:
    """What `$trigger` is: of the trigger `wanted`, else of the manual one, else of the only one.

    Raises RequestError (400) if the name is unknown, or is needed and missing.
    """
    trigger = chosen_trigger(triggers, wanted)
    fired: dict[str, JsonValue] = {"id": trigger["id"], "type": trigger["type"], "body": body}
    if trigger["type"] != "webhook":
        return fired
    request: dict[str, JsonValue] = {
        "method": trigger.get("method", "POST"),
        "path": trigger["path"],
        "headers": {},
        "query": {},
        "received_at": now,
    }
    return fired | request


def chosen_trigger(triggers: Sequence[JsonObject], wanted: str | None) -> JsonObject:
    """The trigger that is fired by hand; raises RequestError (400) as `trigger_value` does."""
    if wanted is not None:
        candidates = [trigger for trigger in triggers if trigger["id"] == wanted]
    else:
        candidates = [trigger for trigger in triggers if trigger["type"] == "manual"][:1] or list(triggers)
    if len(candidates) == 1:
        return candidates[0]
    known = ", ".join(f"'{trigger['id']}'" for trigger in triggers)
    if wanted is None:
        raise bad_request(
            "The workflow has several triggers, none of them manual.", f'Name one as "trigger": {known}.'
        )
    raise bad_request(f"The workflow has no trigger '{wanted}'.", f"It has {known}.")
