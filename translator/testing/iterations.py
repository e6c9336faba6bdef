"""Which of a node's mocks answer in an iteration of the loops and bodies around it."""

from __future__ import annotations

from collections.abc import Sequence

from translator.definition.model import MockAnswer


def iteration_of(node: str, key: str) -> tuple[int, ...]:
    """The numbers at the end of the key of a node's work: root run, node, one per loop or body around it."""
    _, _, numbers = key.rpartition(f"/{node}")
    return tuple(int(number) for number in numbers.split("/") if number)


def answers_in(
    answers: Sequence[MockAnswer], iteration: tuple[int, ...]
) -> tuple[Sequence[MockAnswer], str | None]:
    """Those that answer in the iteration, and what is wrong if one can answer in none."""
    wrong = next(
        (_misfit(answer.iteration, iteration) for answer in answers if _misfits(answer, iteration)), None
    )
    own = [answer for answer in answers if answer.iteration == iteration]
    return own or [answer for answer in answers if answer.iteration is None], wrong


def _misfits(answer: MockAnswer, iteration: tuple[int, ...]) -> bool:
    return answer.iteration is not None and len(answer.iteration) != len(iteration)


def _misfit(given: tuple[int, ...] | None, iteration: tuple[int, ...]) -> str:
    numbers = len(given or ())
    return (
        f"{len(iteration)} loops and bodies that repeat, its mock's `iteration` has {numbers}: "
        f"give a number from 0 for each, outermost first, as in {list(iteration)}"
    )
