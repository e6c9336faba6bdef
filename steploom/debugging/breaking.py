"""Commands about breakpoints."""

from __future__ import annotations

from collections.abc import Iterator

from steploom.debugging.arguments import conditioned, edge_of, nothing_more, number_of
from steploom.debugging.console import Command, Console
from translator.debugger.errors import CommandError, UnknownNameError

_FORMS = "break charge, break a -> b, break error, each with: if $price.total > 5; or: break if …"


def add(console: Console, rest: str) -> Iterator[str]:
    """A new breakpoint."""
    debugger = console.debugger
    place, condition = conditioned(rest, debugger)
    if not place and condition is None:
        raise CommandError("break where?", _FORMS)
    if "->" in place:
        made = debugger.add_breakpoint(edge=edge_of(place, debugger), condition=condition)
    elif place.split(" ")[0] == "error":
        node = place.removeprefix("error").strip() or None
        if node is not None:
            debugger.program.node(node)
        made = debugger.add_breakpoint(on_failure=True, node=node, condition=condition)
    else:
        node = debugger.program.node(place).id if place else None
        made = debugger.add_breakpoint(node=node, condition=condition)
    yield f"breakpoint {made.number}: {made.to_text()}"


def breaks(console: Console, rest: str) -> Iterator[str]:
    """All breakpoints."""
    nothing_more(rest)
    for each in console.debugger.breakpoints:
        yield f"{each.number:>3}  {each.to_text()}"
    if not console.debugger.breakpoints:
        yield "no breakpoints"


def delete(console: Console, rest: str) -> Iterator[str]:
    """Removes a breakpoint, or all."""
    debugger = console.debugger
    if not rest:
        debugger.breakpoints.clear()
        yield "no breakpoints"
        return
    number = number_of(rest)
    found = [each for each in debugger.breakpoints if each.number == number]
    if not found:
        known = ", ".join(str(each.number) for each in debugger.breakpoints) or "none"
        raise UnknownNameError(f"there is no breakpoint {number}", f"there are: {known}")
    debugger.breakpoints.remove(found[0])
    yield f"breakpoint {number} is gone"


COMMANDS = (
    Command(
        "break NODE | A -> B | error [NODE] [if EXPRESSION]",
        "stop before a node, behind an edge or failure",
        add,
    ),
    Command("breaks", "the breakpoints", breaks, ("info",), is_kept=False),
    Command("delete [NUMBER]", "remove a breakpoint, or all", delete, ("d",)),
)
