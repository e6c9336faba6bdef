"""What a workflow is called, what starts it and what it begins with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from steploom.story.reading import Reading
from steploom.story.wording import shown
from translator.definition.model import Trigger, Variable
from translator.graph import ENTRY

_MERGES: Final = {
    "sum": "are added up",
    "append": "are appended",
    "max": "leave the largest",
    "min": "leave the smallest",
    "last": "leave the last",
}


def beginning(reading: Reading) -> Iterator[str]:
    """The title with the description, then the triggers and the variables."""
    definition = reading.definition
    about = [definition.name or definition.id, definition.description]
    yield "\n".join(line for line in about if line)
    starts = [_start(reading, trigger) for trigger in definition.triggers]
    if not starts:
        starts = [f"A run is started by hand and begins with {_entries(reading, None)}."]
    if definition.input is not None:
        starts.append("A payload that does not fit the schema of `input` starts nothing.")
    if definition.variables:
        values = ", ".join(_variable(variable) for variable in definition.variables)
        starts.append(f"Variables at first: {values}.")
    if definition.settings.timeout_seconds is not None:
        starts.append(f"It may take at most {definition.settings.timeout_seconds} seconds.")
    yield "\n".join(starts)


def _start(reading: Reading, trigger: Trigger) -> str:
    return (
        f"{_event(trigger)} ({trigger.id}) starts a run, which begins with {_entries(reading, trigger.id)}."
    )


def _event(trigger: Trigger) -> str:
    if trigger.type == "webhook":
        return f"{trigger.method} /webhooks/{trigger.path}"
    if trigger.type == "schedule":
        when = trigger.cron or trigger.rate or trigger.at
        return (
            f"The clock at {when} {trigger.timezone}"
            if trigger.cron or trigger.at
            else f"The clock every {when}"
        )
    if trigger.type == "poll":
        return f"What a poll every {trigger.every} finds"
    if trigger.type == "workflow":
        ended = (" and " if trigger.when == "all" else " or ").join(trigger.after)
        return f"The end of {ended} ({', '.join(trigger.status)})"
    return "An event that fits the pattern" if trigger.type == "event" else "Somebody by hand"


def _entries(reading: Reading, trigger: str | None) -> str:
    graph = reading.facts.resolved.graph
    entries = [edge.target for edge in graph.outgoing[ENTRY] if trigger in (None, edge.port)]
    entries = sorted(dict.fromkeys(entries), key=reading.place.__getitem__)
    side_by_side = ", side by side" if len(entries) > 1 else ""
    return f"{reading.titles(entries)}{side_by_side}"


def _variable(variable: Variable) -> str:
    merged = f" (changes made side by side {_MERGES[variable.merge]})" if variable.merge else ""
    return f"{variable.name} = {shown(variable.value)}{merged}"
