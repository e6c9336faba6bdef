"""Refuses a run that names no trigger of the workflow, in the Choice that asks for the trigger anyway."""

from __future__ import annotations

import json

from translator.graph import ENTRY, FlowGraph
from translator.lower.draft import Draft, DraftScope
from translator.lower.values import TRIGGER


def refuse_unknown_triggers(graph: FlowGraph, scope: DraftScope) -> None:
    """Makes the first question about the trigger fail for one that the workflow does not have.

    Where all triggers enter the same nodes nothing asks for it. Pins leave only the edges of the trigger that
    fired, so there is nothing to refuse.
    """
    entered = {port: frozenset(edge.target for edge in edges) for port, edges in graph.ports_of(ENTRY)}
    if all(entered.values()) and len(set(entered.values())) > 1:
        _refuse(sorted(graph.triggers), scope)


def _refuse(triggers: list[str], scope: DraftScope) -> bool:
    draft = scope.states[scope.start]
    if draft.kind == "parallel" and draft.origin.role == "fork":
        return any(_refuse(triggers, branch) for branch in draft.branches)
    if not _asks(draft):
        return False
    (condition, transition), *others = draft.rules
    message = json.dumps(f"the input's trigger.id is none of {', '.join(triggers)}")
    asked = f"{TRIGGER}.id in {json.dumps(triggers)} ? {condition} : $error({message})"
    draft.rules = [(asked, transition), *others]
    return True


def _asks(draft: Draft) -> bool:
    return draft.kind == "choice" and draft.origin.role == "entry" and TRIGGER in draft.rules[0][0]
