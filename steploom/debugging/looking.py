"""Commands that look and change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from steploom.debugging.arguments import nothing_more, number_of
from steploom.debugging.console import Command, Console
from steploom.debugging.scopes import scopes
from steploom.debugging.words import MARKS, run_lines, source_lines, stands, told, whole
from steploom.timeline_lines import duration
from translator.debugger.errors import CommandError
from translator.debugger.node_run import NodeRun
from translator.debugger.values import lines

_AROUND = 5


def show_list(console: Console, rest: str) -> Iterator[str]:
    """The definition about a node."""
    debugger = console.debugger
    if rest:
        yield from source_lines(debugger, debugger.program.node(rest).id, _AROUND)
        return
    node = next(iter(debugger.nodes), debugger.values().node)
    if debugger.has_ended or node not in debugger.program.nodes:
        yield from stands(debugger)
        return
    yield from source_lines(debugger, node, _AROUND)


def where(console: Console, rest: str) -> Iterator[str]:
    """The scopes around the point, and what else is under way."""
    nothing_more(rest)
    debugger = console.debugger
    if debugger.has_ended:
        yield from stands(debugger)
        return
    standing = debugger.standing
    for depth, told_scope in enumerate(scopes(console, standing)):
        yield f"{'  ' * depth}{told_scope}"
    others = [each for each in lines(debugger.execution.engine) if each.frame is not standing.frame]
    for each in others:
        path = scopes(console, each)
        waits = "waiting in" if each.frame.entered_id else "before"
        yield f"beside it: {' · '.join(path[1:-1] or path[:1])} · {waits} {_nodes(console, each.state)}"


def _nodes(console: Console, state: str) -> str:
    return ", then ".join(console.debugger.program.nodes_of(state)) or f'state "{state}"'


def show(console: Console, rest: str) -> Iterator[str]:
    """The value of an expression."""
    if not rest:
        raise CommandError("print what?", "an expression, such as print $charge.body.id")
    yield from whole(console.debugger.evaluate(rest)).splitlines()


def values(console: Console, rest: str) -> Iterator[str]:
    """The outputs and variables, one line each."""
    nothing_more(rest)
    debugger = console.debugger
    found = debugger.values()
    named = {
        **found.finished(),
        **{name: found.all().get(name) for name in ("trigger", "item", "index", "error")},
    }
    shown = {
        name: value
        for name, value in named.items()
        if value is not None or name in debugger.program.variables
    }
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        yield f"  ${name:<{width}} = {told(value)}"


def history(console: Console, rest: str) -> Iterator[str]:
    """The runs of nodes so far."""
    nothing_more(rest)
    debugger = console.debugger
    began = debugger.execution.history[0]["timestamp"].timestamp()
    runs = debugger.trace.runs
    width = max((len(run.node) for run in runs), default=0)
    for run in runs:
        first, *more = _history_lines(console, run, width)
        yield f"{run.began:>4} {'+' + duration(run.started_at - began):>9}{first}"
        yield from (f"{'':>14}{line}" for line in more)
    yield f"{debugger.point:>4} {'':>9}  -> here" if not debugger.has_ended else next(stands(debugger))


def _history_lines(console: Console, run: NodeRun, width: int) -> Iterator[str]:
    if run.ended is not None:
        yield from run_lines(run, width)
        return
    status = "cancelled" if console.debugger.trace.cancelled(run) else "running"
    yield f"  {MARKS[status]} {run.node:<{width}}  {status}"


def diff(console: Console, rest: str) -> Iterator[str]:
    """What differs between two points."""
    debugger = console.debugger
    numbers = rest.split()
    if len(numbers) not in (1, 2):
        raise CommandError(
            "between which points?", "diff 3 compares point 3 with this one, diff 3 7 those two"
        )
    first = debugger.snapshot_at(number_of(numbers[0]))
    second = debugger.snapshot_at(number_of(numbers[1])) if len(numbers) > 1 else debugger.snapshot()
    places = [f"point {each.point} ({each.at or 'the end'})" for each in (first, second)]
    yield f"from {places[0]} to {places[1]}"
    for name in dict.fromkeys((*first.values, *second.values)):
        was, now = first.values.get(name), second.values.get(name)
        if was != now:
            yield f"  ${name}: {told(was)} -> {told(now)}"
    later, sign = (second, "+") if len(second.runs) >= len(first.runs) else (first, "-")
    for node, status in later.runs[min(len(first.runs), len(second.runs)) :]:
        yield f"  {sign} {node} {status}"


def events(console: Console, rest: str) -> Iterator[str]:
    """The last events of the execution's history, as the service tells them."""
    count = number_of(rest, 10)
    for event in console.debugger.execution.history[-count:]:
        name = next(
            (
                details["name"]
                for details in event.values()
                if isinstance(details, dict) and "name" in details
            ),
            "",
        )
        yield f"  {event['id']:>5} <- {event['previousEventId']:<5} {event['type']:<28} {name}".rstrip()


COMMANDS = (
    Command(
        "list [NODE]", "the definition's lines around here, or around a node", show_list, ("l",), is_kept=True
    ),
    Command("where", "the scopes around here, and what else is under way", where, ("w",)),
    Command("print EXPRESSION", "the value of an expression here", show, ("p",)),
    Command("vars", "outputs, variables, $trigger, $item, $error here", values, ("v",)),
    Command("history", "the nodes that ran so far, each with the point where it began", history, ("h",)),
    Command("diff POINT [POINT]", "what differs between two points, or a point and here", diff),
    Command("events [N]", "the last events of the execution's history", events),
)
