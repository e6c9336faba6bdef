"""What a run will take, counted on the finished machine: transitions, Lambda calls, bytes, money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from translator.analyses.components import strongly_connected
from translator.asl import Machine, Map, Parallel, State, States, Task, inner_scopes
from translator.asl_targets import targets
from translator.legalize.size import sent_bytes
from translator.manifest import every_state

PRICES_OF: Final = "2026-11, us-east-1"
TRANSITION: Final = Decimal("0.000025")
"""US dollars a state transition (Standard workflows)."""
LAMBDA_CALL: Final = Decimal("0.0000002")
"""US dollars a request; the time it takes comes on top."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The most that one run without retries takes, and the machine's size.

    Of a loop one iteration is counted: what a run takes more depends on how often it repeats.
    """

    states: int
    has_loops: bool
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
            "has_loops": self.has_loops,
            "most_transitions": self.most_transitions,
            "most_lambda_calls": self.most_lambda_calls,
            "definition_bytes": self.definition_bytes,
            "most_dollars": str(self.most_dollars),
            "prices_of": PRICES_OF,
        }

    def to_text(self) -> str:
        """A short table."""
        loops = "loops                counted once; each further iteration comes on top\n"
        return (
            f"states               {self.states}\n"
            f"transitions, at most {self.most_transitions}\n"
            f"Lambda calls, at most {self.most_lambda_calls}\n"
            f"definition           {self.definition_bytes:,} bytes\n"
            f"a run, at most       ${self.most_dollars} and Lambda's time (prices of {PRICES_OF})\n"
            f"{loops if self.has_loops else ''}"
        )


def forecast(machine: Machine, text: str) -> Forecast:
    """Longest ways through the machine; side by side counts add up."""
    transitions, calls, has_loops = _most(machine.states)
    return Forecast(
        states=sum(1 for _ in every_state(machine.states)),
        has_loops=has_loops,
        most_transitions=transitions,
        most_lambda_calls=calls,
        definition_bytes=sent_bytes(text),
    )


def _most(scope: States) -> tuple[int, int, bool]:
    """The most transitions and the most calls of one passage (perhaps on different ways), and any loop."""
    leads_to = {name: targets(state) for name, state in scope.states.items()}
    known: dict[str, tuple[int, int]] = {}
    has_loops = False
    for together in strongly_connected(leads_to):
        own = [_own(scope.states[name]) for name in together]
        behind = [known[target] for name in together for target in leads_to[name] if target in known]
        transitions = sum(one[0] for one in own) + max((count for count, _ in behind), default=0)
        calls = sum(one[1] for one in own) + max((count for _, count in behind), default=0)
        known.update(dict.fromkeys(together, (transitions, calls)))
        is_loop = len(together) > 1 or together[0] in leads_to[together[0]]
        has_loops = has_loops or is_loop or any(one[2] for one in own)
    return (*known[scope.start_at], has_loops)


def _own(state: State) -> tuple[int, int, bool]:
    if isinstance(state, Parallel | Map):
        inner = [_most(scope) for scope in inner_scopes(state)]
        transitions = 1 + sum(most for most, _, _ in inner)
        return (
            transitions,
            sum(calls for _, calls, _ in inner),
            isinstance(state, Map) or any(loops for _, _, loops in inner),
        )
    return 1, int(isinstance(state, Task)), False
