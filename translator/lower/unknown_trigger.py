"""Refuses a run that names no trigger of the workflow, where what it would start depends on that."""

from __future__ import annotations

import json

from translator.asl import Origin
from translator.graph import ENTRY
from translator.lower.context import Context
from translator.lower.draft import Draft, Transition
from translator.lower.scope import ScopeWriter
from translator.lower.values import TRIGGER


def refuse_unknown_triggers(writer: ScopeWriter, start: str) -> str:
    """The key of the state that the machine starts with; `start` if all triggers enter the same nodes.

    A Choice that asks for the trigger anyway refuses in passing; else one is put before all others. Pins
    leave only the edges of the trigger that fired, so there is nothing to refuse.
    """
    context = writer.context
    entered = {
        port: frozenset(edge.target for edge in edges) for port, edges in context.graph.ports_of(ENTRY)
    }
    is_known = not all(entered.values())
    if is_known or len(set(entered.values())) < 2:
        return start
    asking = writer.states.get(start)
    if asking is None or asking.kind != "choice" or asking.origin.role != "entry":
        asking = Draft("which trigger", "Which trigger?", Origin("", "entry"), "choice")
        asking.success = Transition(start)
        asking.rules = [("true", Transition(start))]
    (condition, transition), *others = asking.rules
    asked = f"{_is_one_of(sorted(entered))} ? {condition} : $error({_message(context)})"
    asking.rules = [(asked, transition), *others]
    return writer.add(asking)


def _is_one_of(triggers: list[str]) -> str:
    names = ", ".join(json.dumps(name) for name in triggers)
    return f"{TRIGGER}.id in [{names}]"


def _message(context: Context) -> str:
    """An expression, so that no state is needed only to fail in."""
    known = ", ".join(sorted(context.graph.triggers))
    text = f"the workflow has the triggers {known}; the run's input names as trigger.id: "
    return f"{json.dumps(text)} & $string({TRIGGER}.id)"
