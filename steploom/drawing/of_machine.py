"""The diagram of a compiled state machine: its states, and branches inside the states that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from steploom.drawing.diagram import Arrow, Box, Diagram, shortened
from translator.lower.handled import RESOLVES
from translator.lower.values import TRIGGER
from translator.node_type import inner

_TRUTH: Final = re.compile(
    r"\$boolean\((?P<inside>[^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*)\) = true"
)
_FLAG: Final = re.compile(
    r"\$(?P<source>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)__(?:(?P<port>[a-z0-9]+(?:_[a-z0-9]+)*)__)?to__\w+"
)

_SCOPED: Final = re.compile(r"(?P<name>\$[a-z][a-z0-9]*(?:_[a-z0-9]+)*)__[0-9]+\b")
_ROUNDS: Final = re.compile(r"\$(?P<name>\w+)__body__round\b")
_IN_BRACKETS: Final = re.compile(r"\((?P<inside>[^()]*)\)")

_KINDS: Final = {
    "Task": "work",
    "Choice": "choice",
    "Wait": "wait",
    "Succeed": "end",
    "Fail": "failed",
}


def diagram_of_machine(machine: Mapping[str, Any], title: str) -> Diagram:
    """One scope of Amazon States Language with all that is nested in it."""
    states: Mapping[str, Mapping[str, Any]] = machine["States"]
    return Diagram(
        boxes=tuple(_box(name, state) for name, state in states.items()),
        arrows=tuple(arrow for name, state in states.items() for arrow in _together(_arrows(name, state))),
        title=title,
    )


def _box(name: str, state: Mapping[str, Any]) -> Box:
    scopes = [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]
    inside = tuple(diagram_of_machine(scope, "") for scope in scopes)
    subtitle = (
        state["Type"] + (" · retries" if state.get("Retry") else "") + (" · end" if state.get("End") else "")
    )
    return Box(name, name, subtitle, _KINDS.get(state["Type"], "plain"), inside)


def _arrows(name: str, state: Mapping[str, Any]) -> Iterator[Arrow]:
    if "Next" in state:
        yield Arrow(name, state["Next"])
    for rule in state.get("Choices", ()):
        yield Arrow(name, rule["Next"], rule.get("Comment") or _condition(rule.get("Condition", "")))
    if "Default" in state:
        yield Arrow(name, state["Default"], "otherwise")
    for catcher in state.get("Catch", ()):
        yield Arrow(name, catcher["Next"], _errors(catcher["ErrorEquals"]), "error")


def _together(arrows: Iterator[Arrow]) -> Iterator[Arrow]:
    """One arrow for all that lead from a state to the same one, with all that they say."""
    found: dict[tuple[str, str], list[Arrow]] = {}
    for arrow in arrows:
        found.setdefault((arrow.target, arrow.kind), []).append(arrow)
    for same in found.values():
        yield replace(same[0], label=shortened(", ".join(dict.fromkeys(arrow.label for arrow in same))))


def _condition(expression: str) -> str:
    """What a rule asks for, in the definition's own words as far as the machine has kept them."""
    asked = _TRUTH.sub(r"\g<inside>", inner(expression)).replace(TRIGGER, "$trigger")
    asked = _ROUNDS.sub(r"\g<name> rounds", asked)
    asked = _SCOPED.sub(r"\g<name>", _FLAG.sub(_taken, asked)).replace(f"${RESOLVES}", "resolved")
    whole = _IN_BRACKETS.fullmatch(asked)
    return shortened(whole["inside"] if whole else asked)


def _taken(flag: re.Match[str]) -> str:
    """An edge's flag as the node, and the port, that took it."""
    port = flag["port"] or ""
    way = " (error)" if port.startswith("error") else f" ({port})" if port else ""
    return f"{flag['source']}{way}"


def _errors(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}, …"
