"""Out of a loop's iteration: to its next one, or to where an edge out of the loop leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.asl import Origin
from translator.expressions.joining import joined
from translator.graph import FlowEdge
from translator.json_value import JsonValue
from translator.lower.draft import END, Draft, Transition
from translator.lower.racing import won
from translator.lower.titles import question
from translator.lower.values import next_round
from translator.regions import Single

if TYPE_CHECKING:
    from translator.lower.frame import Frame


def leave(frame: Frame, edge: FlowEdge) -> Transition:
    """Where an edge goes that nothing runs beside and that does not stay in the block.

    In a loop's iteration it repeats the loop or leaves it right away; elsewhere the block ends.
    """
    taken: dict[str, JsonValue] = {frame.context.flag(edge): frame.context.flag_value(edge)}
    loop = frame.regions.loop
    if frame.around is None or loop is None:
        return Transition(frame.after, then=taken)
    taken = {frame.context.flag(edge): True}
    way = won(frame.around, edge)
    if way is not None:
        return way
    if edge.target == loop.header:
        reset = frame.context.reset_names(loop, edge)
        return Transition(f"node:{loop.header}", then=next_round(loop.header), reset=reset)
    item = frame.around.landing(edge)
    if item is not None:
        return Transition(frame.around.enter(item, edge), then=taken)
    if frame.around.stands_alone(edge):
        return leave(frame.around, edge)
    return Transition(frame.around.after, then=taken)


def after_iteration(frame: Frame, iteration: Frame, item: Single) -> str:
    """What follows an iteration that did not decide by itself: its flags say whether it is repeated."""
    loop = iteration.regions.loop
    assert loop is not None
    beside = [edge for edge in loop.back if not iteration.stands_alone(edge)]
    if not beside:
        return frame.following(item)
    again = joined([frame.context.taken(edge) for edge in beside], "or")
    reset = frozenset[str]().union(*(frame.context.reset_names(loop, edge) for edge in beside))
    title = f"Again from {question(frame.context.title(loop.header))}"
    draft = Draft(f"loop:{loop.header}", title, Origin(loop.header, "join"), "choice")
    repeated = Transition(f"node:{loop.header}", then=next_round(loop.header), reset=reset)
    draft.rules = [(again, repeated)]
    following = frame.following(item)
    draft.success = Transition(following if following != END else frame.scope.end())
    return frame.scope.add(draft)
