"""Commands that move through the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from steploom.debugging.arguments import nothing_more, number_of
from steploom.debugging.console import Command, Console
from steploom.debugging.words import moved
from translator.debugger import Debugger, Move
from translator.debugger.errors import CommandError

Go = Callable[[Debugger], Move]


def _times(console: Console, times: int, go: Go) -> Iterator[str]:
    debugger = console.debugger
    move = go(debugger)
    ended, answered, begun = move.ended, move.answered, move.point
    for _ in range(times - 1):
        if (debugger.has_ended and move.point >= begun) or move.hits or (move.point == 1 and begun > 1):
            break
        move = go(debugger)
        ended, answered = ended + move.ended, answered + move.answered
    yield from moved(debugger, Move(move.point, ended, answered, move.edges, move.hits))


def step(console: Console, rest: str) -> Iterator[str]:
    """To the next node."""
    return _times(console, number_of(rest), lambda debugger: debugger.step())


def into(console: Console, rest: str) -> Iterator[str]:
    """To the next state."""
    return _times(console, number_of(rest), lambda debugger: debugger.into())


def back(console: Console, rest: str) -> Iterator[str]:
    """To the node before, or the state before."""
    word, _, more = rest.partition(" ")
    if word == "into":
        return _times(console, number_of(more.strip()), lambda debugger: debugger.back_into())
    return _times(console, number_of(rest), lambda debugger: debugger.back())


def resume(console: Console, rest: str) -> Iterator[str]:
    """On until something stops it."""
    if rest == "live":
        yield from live(console, "")
    else:
        nothing_more(rest)
    yield from _times(console, 1, lambda debugger: debugger.resume())


def reverse(console: Console, rest: str) -> Iterator[str]:
    """Back to the last breakpoint."""
    nothing_more(rest)
    move = console.debugger.reverse()
    if not move.hits:
        yield "no breakpoint stops before that: this is the beginning"
    yield from moved(console.debugger, move)


def goto(console: Console, rest: str) -> Iterator[str]:
    """To a point by its number."""
    point = number_of(rest, console.debugger.point)
    return _times(console, 1, lambda debugger: debugger.go(point))


def restart(console: Console, rest: str) -> Iterator[str]:
    """To the first point."""
    nothing_more(rest)
    return _times(console, 1, lambda debugger: debugger.restart())


def fork(console: Console, rest: str) -> Iterator[str]:
    """Leaves the recorded way."""
    nothing_more(rest)
    if not console.debugger.fork():
        raise CommandError("the run follows no recording from here", "fork is for runs of --from-history")
    yield "from here on nodes answer for themselves; those that would reach the outside stop it (see live)"


def live(console: Console, rest: str) -> Iterator[str]:
    """Lets nodes reach the outside."""
    nothing_more(rest)
    console.debugger.live()
    yield "from here on nodes are really called, unless they are pinned or mocked"


COMMANDS = (
    Command("step [N]", "to the next node", step, ("s", "next", "n"), is_move=True),
    Command(
        "into [N]",
        "to the next state, also one that only serves the machine",
        into,
        ("i", "si"),
        is_move=True,
    ),
    Command("back [into] [N]", "to the node before; into: to the state before", back, ("b",), is_move=True),
    Command(
        "continue [live]", "on to a breakpoint or to the end; live: see live", resume, ("c",), is_move=True
    ),
    Command("reverse", "back to the last breakpoint, else to the beginning", reverse, ("rc",), is_move=True),
    Command("goto N", "to a point by its number, forward or back", goto, ("g",)),
    Command("restart", "to the first point; calls that were answered are not made again", restart),
    Command("fork", "leave the recorded way: nodes answer for themselves from here on", fork),
    Command("live", "let nodes really reach the outside from here on", live),
)
