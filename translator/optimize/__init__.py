"""Phase 6: fewer states with the same meaning, by level."""

from __future__ import annotations

from translator.asl import Machine
from translator.optimize.drop_empty import drop_empty
from translator.optimize.drop_unread import drop_unread
from translator.optimize.fold import fold
from translator.optimize.merge_choices import merge_choices
from translator.optimize.moving import only_moves


def optimize(machine: Machine, level: int) -> Machine:
    """Level 0 leaves all as lowered; from level 1 on no state only moves data or only jumps."""
    if level == 0:
        return machine
    merged = merge_choices(drop_empty(machine))
    return drop_unread(fold(merged, only_moves))
