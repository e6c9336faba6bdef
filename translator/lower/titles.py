"""What states are called that no node asked for, so that a person finds the way in the console's graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.lower.context import Context
from translator.node_type import Iterating

_ROOM: Final = 70
"""Characters that a list of names may take of the 80 of a state's name."""


def question(title: str) -> str:
    """A name as a question, that of a condition too, which mostly is one."""
    return f"{title.rstrip('?')}?"


def side_by_side(titles: Sequence[str]) -> str:
    """What a Parallel is called by the first nodes of its branches."""
    return _listed(titles, " + ")


def on_to(titles: Sequence[str]) -> str:
    """What a Choice is called that decides what follows."""
    return f"On to {question(_listed(titles, ' or '))}"


def end_of(context: Context, node: str) -> str:
    """What the end of a scope is called by the node that it begins with, or whose body it is."""
    is_iteration = node in context.nodes and isinstance(context.nodes[node].lowering, Iterating)
    return f"End of {'iteration' if is_iteration else 'branch'}: {context.title(node)}"


def _listed(titles: Sequence[str], joint: str) -> str:
    """All of them, or as many as there is room for and how many more there are."""
    for count in range(min(len(titles), _ROOM), 1, -1):
        left = len(titles) - count
        text = joint.join([*titles[:count], *([f"{left} more"] if left else ())])
        if len(text) <= _ROOM:
            return text
    return joint.join([titles[0], f"{len(titles) - 1} more"]) if len(titles) > 1 else titles[0]
