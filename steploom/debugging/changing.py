"""Commands that change what the run sees and what its calls answer."""

from __future__ import annotations

from collections.abc import Iterator

from steploom.debugging.arguments import assigned, node_of, nothing_more, number_of, value_of, words_of
from steploom.debugging.console import Command, Console
from steploom.debugging.words import told
from translator.debugger.edits import target_of
from translator.debugger.errors import AnswerError, CommandError

_ALWAYS = "always"


def set_value(console: Console, rest: str) -> Iterator[str]:
    """Sets an output, a variable or a field of one."""
    debugger = console.debugger
    name, text = assigned(rest)
    target = target_of(name, debugger.program)
    value = value_of(text, debugger)
    debugger.set(target, value)
    yield f"{target.to_text()} = {told(value)}, from point {debugger.point} on"


def undo(console: Console, rest: str) -> Iterator[str]:
    """Takes the last edit at this point back."""
    nothing_more(rest)
    edit = console.debugger.undo()
    value = console.debugger.values().all().get(edit.target.name)
    yield f"${edit.target.name} = {told(value)} again"


def pin(console: Console, rest: str) -> Iterator[str]:
    """A node that is not called and has an output."""
    debugger = console.debugger
    name, text = assigned(rest)
    node, iteration = node_of(name, debugger)
    value = value_of(text, debugger)
    debugger.pin(node, value, iteration)
    yield f"{name} is not called from here on: it answers {told(value)}"


def fail(console: Console, rest: str) -> Iterator[str]:
    """A node that is not called and fails."""
    debugger = console.debugger
    words = words_of(rest)
    if len(words) < 2:
        raise CommandError("fail what, with which error?", 'such as: fail charge Timeout "no answer" once')
    node, iteration = node_of(words[0], debugger)
    cause, times = _cause_and_times(words[2:])
    debugger.fail(node, words[1], cause, times, iteration)
    often = _ALWAYS if times is None else "once" if times == 1 else f"{times} times"
    yield f"{words[0]} is not called from here on: it fails with {words[1]}, {often}"


def _cause_and_times(words: list[str]) -> tuple[str, int | None]:
    times: int | None = None
    if words and words[-1] == "once":
        times, words = 1, words[:-1]
    elif len(words) >= 2 and words[-2] == "times":
        times, words = number_of(words[-1]), words[:-2]
    if len(words) > 1:
        raise CommandError(f'"{words[1]}" means nothing here', 'put the whole cause in quotes: "no answer"')
    return (words[0] if words else ""), times


def unpin(console: Console, rest: str) -> Iterator[str]:
    """Takes back what was said about a node's answers."""
    node, iteration = node_of(rest, console.debugger)
    if not console.debugger.answers.drop(node, iteration):
        raise AnswerError(f'node "{node}" is neither pinned nor made to fail', "pins lists those that are")
    yield f"{rest} answers for itself again"


def pins(console: Console, rest: str) -> Iterator[str]:
    """What was said about answers."""
    nothing_more(rest)
    for each in console.debugger.answers.overrides:
        where = "" if each.answer.iteration is None else str(list(each.answer.iteration))
        if each.answer.error is None:
            yield f"  {each.node}{where} = {told(each.answer.output)}"
        else:
            often = _ALWAYS if each.times is None else f"{each.times} times"
            yield f"  {each.node}{where} fails with {each.answer.error}: {each.answer.cause} ({often})"
    if not console.debugger.answers.overrides:
        yield "nothing is pinned"


def forget(console: Console, rest: str) -> Iterator[str]:
    """Lets calls be made again that were answered."""
    node = console.debugger.program.node(rest).id if rest else None
    count = console.debugger.answers.forget(node)
    console.debugger.cut()
    yield f"{count} answers are forgotten: those calls are made again from here on"


COMMANDS = (
    Command(
        "set NAME[.FIELD] = VALUE",
        "set an output, a variable, $trigger …, from this point on",
        set_value,
        ("edit",),
    ),
    Command("undo", "take the last set of this point back", undo),
    Command("pin NODE[[I]] = VALUE", "do not call a node: it has this output", pin),
    Command('fail NODE[[I]] ERROR ["CAUSE"] [once | times N]', "do not call a node: it fails so", fail),
    Command("unpin NODE", "let a node answer for itself again", unpin),
    Command("pins", "what is pinned and made to fail", pins, is_kept=False),
    Command("forget [NODE]", "make calls again that were answered, from here on", forget),
)
