"""Phase 6: fewer states with the same meaning, by level."""

from __future__ import annotations

from translator.asl import Machine
from translator.optimize.drop_empty import drop_empty
from translator.optimize.drop_rules import drop_rules
from translator.optimize.drop_unread import drop_unread
from translator.optimize.fold import fold
from translator.optimize.fuse import fuse
from translator.optimize.merge_choices import merge_choices
from translator.optimize.moving import every, only_moves


def optimize(machine: Machine, level: int) -> Machine:
    """Level 0 leaves all as lowered; from level 1 on no state only moves data or only jumps.

    Level 2 leaves nothing to a state of its own that a neighbour can do as well.
    """
    if level == 0:
        return machine
    is_deep = level > 1
    merged = merge_choices(drop_empty(machine))
    folded = fold(merged, every if is_deep else only_moves, is_deep=is_deep)
    lean = merge_choices(folded, also_conditions=is_deep)
    return drop_unread(drop_rules(fuse(lean) if is_deep else lean))
