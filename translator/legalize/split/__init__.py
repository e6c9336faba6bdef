"""Splits a machine that is too large into nested ones, at places where few values pass."""

from translator.legalize.split.cutting import Part, Rounds, Split
from translator.legalize.split.outline import part_of
from translator.legalize.split.splitting import split

__all__ = ["Part", "Rounds", "Split", "part_of", "split"]
