"""What a run will take, counted on the finished machine: transitions, Lambda calls, bytes, money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from translator.asl import Machine, Parallel, State, States, Task
from translator.asl_targets import targets
from translator.manifest import every_state

PRICES_OF: Final = "2026-11, us-east-1"
TRANSITION: Final = Decimal("0.000025")
"""US dollars a state transition (Standard workflows)."""
LAMBDA_CALL: Final = Decimal("0.0000002")
"""US dollars a request; the time it takes comes on top."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The most that one run without retries takes, and the machine's size."""

    states: int
    most_transitions: int
    most_lambda_calls: int
    definition_bytes: int

    @property
    def most_dollars(self) -> Decimal:
        """Transitions and requests at list price; Lambda's time is not in it."""
        return self.most_transitions * TRANSITION + self.most_lambda_calls * LAMBDA_CALL

    def to_json(self) -> dict[str, Any]:
        """JSON form; money as text."""
        return {
            "states": self.states,
            "most_transitions": self.most_transitions,
            "most_lambda_calls": self.most_lambda_calls,
            "definition_bytes": self.definition_bytes,
            "most_dollars": str(self.most_dollars),
            "prices_of": PRICES_OF,
        }

    def to_text(self) -> str:
        """A short table."""
        return (
            f"states               {self.states}\n"
            f"transitions, at most {self.most_transitions}\n"
            f"Lambda calls, at most {self.most_lambda_calls}\n"
            f"definition           {self.definition_bytes:,} bytes\n"
            f"a run, at most       ${self.most_dollars} and Lambda's time (prices of {PRICES_OF})\n"
        )


def forecast(machine: Machine, text: str) -> Forecast:
    """Longest ways through an acyclic machine; side by side counts add up."""
    transitions, calls = _most(machine.states)
    return Forecast(
        states=sum(1 for _ in every_state(machine.states)),
        most_transitions=transitions,
        most_lambda_calls=calls,
        definition_bytes=len(text.encode()),
    )


def _most(scope: States) -> tuple[int, int]:
    """The most transitions and the most calls of one passage; the two may be on different ways."""
    known: dict[str, tuple[int, int]] = {}
    for name in _last_first(scope):
        state = scope.states[name]
        own_transitions, own_calls = _own(state)
        following = [known[target] for target in targets(state)]
        known[name] = (
            own_transitions + max((count for count, _ in following), default=0),
            own_calls + max((count for _, count in following), default=0),
        )
    return known[scope.start_at]


def _own(state: State) -> tuple[int, int]:
    if isinstance(state, Parallel):
        inner = [_most(branch) for branch in state.branches]
        return 1 + sum(count for count, _ in inner), sum(count for _, count in inner)
    return 1, int(isinstance(state, Task))


def _last_first(scope: States) -> list[str]:
    order: list[str] = []
    seen: set[str] = set()
    stack = [(scope.start_at, False)]
    while stack:
        name, is_done = stack.pop()
        if is_done:
            order.append(name)
        elif name not in seen:
            seen.add(name)
            stack.append((name, True))
            stack.extend((target, False) for target in targets(scope.states[name]))
    return order
