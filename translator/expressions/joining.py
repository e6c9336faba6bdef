"""Many operands as one expression: each operator in a row nests deeper, and the service allows 100 levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

MOST_IN_A_ROW: Final = 20
_FOUND: Final = "$found__"


def joined(operands: Sequence[str], operator: str) -> str:
    """The operands with an operator between them whose order of evaluation does not matter.

    Where they are many they stand in groups.
    """
    while len(operands) > MOST_IN_A_ROW:
        rows = [operands[at : at + MOST_IN_A_ROW] for at in range(0, len(operands), MOST_IN_A_ROW)]
        operands = [f"({f' {operator} '.join(row)})" if len(row) > 1 else row[0] for row in rows]
    return f" {operator} ".join(operands)


def first_other_than(value: str, sources: Sequence[str], default: str) -> str:
    """The first of the sources that is not `value`, else the default: the value itself, or a last source."""
    if len(sources) <= MOST_IN_A_ROW:
        found = default
        for source in reversed(sources):
            found = f"({source} != {value} ? {source} : {found})"
        return found
    half = len(sources) // 2
    first, second = sources[:half], sources[half:]
    earlier = first_other_than(value, first, value)
    later = first_other_than(value, second, default)
    return f"({_FOUND} := {earlier}; {_FOUND} != {value} ? {_FOUND} : {later})"


def chosen(cases: Sequence[tuple[str, str]], default: str) -> str:
    """What stands beside the first condition that is true, else the default; nothing of it is null."""
    row, rest = cases[:MOST_IN_A_ROW], cases[MOST_IN_A_ROW:]
    found = "null" if rest else default
    for condition, value in reversed(row):
        found = f"{condition} ? {value} : {found}"
    return f"({_FOUND} := {found}; {_FOUND} != null ? {_FOUND} : {chosen(rest, default)})" if rest else found


def appended(lists: Sequence[str]) -> str:
    """All that the lists hold; one may be nothing."""
    if len(lists) == 1:
        return lists[0]
    # The last one alone, as long as they are few: so it reads as it is meant.
    half = len(lists) - 1 if len(lists) <= MOST_IN_A_ROW else len(lists) // 2
    return f"$append({appended(lists[:half])}, {appended(lists[half:])})"
