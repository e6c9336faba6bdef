"""Where the taken edges lead of several that may be: a Choice, or none where only one place is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from translator.asl import Origin
from translator.expressions.joining import joined
from translator.graph import FlowEdge
from translator.lower.asking import can_fail
from translator.lower.draft import Draft, Transition
from translator.lower.leaving import leave
from translator.lower.racing import precedence, won
from translator.lower.titles import on_to, side_by_side
from translator.regions import Concurrent, Item, Single

if TYPE_CHECKING:
    from translator.lower.frame import Frame

Groups: TypeAlias = tuple[tuple[Item, list[FlowEdge]], ...]
"""Parts of a block, each with the edges that lead to it."""


def grouped(frame: Frame, landings: Iterable[tuple[FlowEdge, Item | None]]) -> Groups:
    """The items of the block that edges land in, those first that cut short what others lead to."""
    groups: dict[tuple[int, str], tuple[Item, list[FlowEdge]]] = {}
    for edge, item in landings:
        if item is not None:
            start = edge.target if isinstance(item, Single) else ""
            groups.setdefault((item.bits, start), (item, []))[1].append(edge)
    return tuple(sorted(groups.values(), key=lambda group: -precedence(frame, group[1])))


def dispatch(
    frame: Frame,
    key: str,
    groups: Groups,
    is_sure: Callable[[frozenset[int]], bool],
    leaving: Sequence[FlowEdge] = (),
) -> str:
    """Goes where the taken edges lead: at most one group is taken, none leads to the block's end.

    Of what leads nowhere in the block, `leaving` repeats or leaves the loop around it.
    """
    if not groups and not leaving:
        return frame.after
    if groups and not leaving and (len(groups) == 1 or precedence(frame, groups[0][1])):
        item, edges = groups[0]
        if is_sure(frozenset(edge.index for edge in edges)):
            return frame.enter(item, edges[0])
    rules = [_rule(frame, item, edges) for item, edges in groups]
    ways = [(edge, won(frame, edge)) for edge in leaving]
    rules[:0] = [(frame.context.taken(edge), way) for edge, way in ways if way is not None]
    rules += [(frame.context.taken(edge), leave(frame, edge)) for edge, way in ways if way is None]
    for _, transition in rules:
        transition.target = frame.state_at(transition.target)
    targets = [*(edges[0].target for _, edges in groups), *(edge.target for edge in leaving)]
    origin = Origin(targets[0], "entry" if key.startswith("entry") else "join")
    titles = [
        *(_title(frame, *group) for group in groups),
        *(frame.context.title(edge.target) for edge in leaving),
    ]
    is_complete = not leaving and _is_complete(frame, groups, is_sure)
    otherwise = rules.pop()[1] if is_complete else Transition(frame.after_choice())
    return frame.scope.add(Draft(key, on_to(titles), origin, "choice", success=otherwise, rules=rules))


def _title(frame: Frame, item: Item, edges: Sequence[FlowEdge]) -> str:
    """What follows: of several that run side by side not only the first."""
    if not isinstance(item, Concurrent) or len(item.branches) < 2:
        return frame.context.title(edges[0].target)
    return side_by_side(fork_titles(frame, item))


def fork_titles(frame: Frame, item: Concurrent) -> list[str]:
    """The names of the nodes that the branches begin with."""
    return [frame.context.title(frame.regions.nodes_of(block.bits)[0]) for block in item.branches]


def _is_complete(frame: Frame, groups: Groups, is_sure: Callable[[frozenset[int]], bool]) -> bool:
    """Whether one of the parts follows in any case, so that the last one need not be asked for."""
    if any(isinstance(item, Single) and frame.needs_all_test(edges[0].target) for item, edges in groups):
        return False
    return len(groups) > 1 and is_sure(frozenset(edge.index for _, edges in groups for edge in edges))


def _rule(frame: Frame, item: Item, edges: list[FlowEdge]) -> tuple[str, Transition]:
    """A part of several that may follow; a `join: all` asks for all of its edges at once.

    What it waits for in vain must not keep the token from the others.
    """
    target = edges[0].target
    if isinstance(item, Single) and frame.needs_all_test(target):
        return frame.context.all_taken(target), Transition(f"node:{target}")
    condition = joined([_condition(frame, edge) for edge in edges], "or")
    return condition, Transition(frame.enter(item, edges[0]))


def _condition(frame: Frame, edge: FlowEdge) -> str:
    """Whether the edge was taken: its own condition where the block starts with it, else its flag."""
    only = frame.arrivals[0] if len(frame.arrivals) == 1 else None
    is_open = only is not None and only.direct and edge.index in only.maybe
    if is_open and not can_fail(frame.context, edge):
        return frame.context.when_source(edge)
    return frame.context.taken(edge)
