"""Sets of small numbers as the digits of one integer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Final, TypeAlias

Bits: TypeAlias = int
"""A set: bit i stands for member i."""

_FEW: Final = 4
_MANY: Final = 64
_SPARSE: Final = 32
_ONE: Final = ord("1")
_AS_FLAGS: Final = bytes.maketrans(b"01", b"\x00\x01")
_SCATTERED: Final = 60
_DIGIT: Final = tuple(bytes(b"01"[byte >> place & 1] for byte in range(256)) for place in range(8))
"""By place of a digit in a byte, the character of that digit for each byte."""


def set_of(numbers: Iterable[int]) -> Bits:
    """The set with these members."""
    known = numbers if isinstance(numbers, Sequence) else list(numbers)
    if len(known) > _MANY:
        digits = bytearray(b"0" * (max(known) + 1))
        for number in known:
            digits[-1 - number] = _ONE
        return int(digits, 2)
    bits = 0
    for number in known:
        bits |= 1 << number
    return bits


def lowest(bits: Bits) -> int:
    """The least member of a set that has one."""
    return (bits & -bits).bit_length() - 1


def union(sets: Iterable[Bits]) -> Bits:
    """What is in any of the sets."""
    bits = 0
    for one in sets:
        bits |= one
    return bits


def members(bits: Bits) -> Iterator[int]:
    """The members of a set, ascending.

    Taking a bit off again and again costs the width of the set for each member, so of more than
    a few the digits are read instead, from the lowest one on that is set.
    """
    count = bits.bit_count()
    if count <= _FEW:
        return _of_few(bits)
    start = lowest(bits)
    digits = bin(bits >> start)[:1:-1]
    if count * _SPARSE < len(digits):
        return _set_digits(digits, start)
    return compress(range(start, start + len(digits)), digits.encode().translate(_AS_FLAGS))


def _of_few(bits: Bits) -> Iterator[int]:
    found: list[int] = []
    while bits:
        # The highest is known at once, however wide the set is.
        found.append(bits.bit_length() - 1)
        bits ^= 1 << found[-1]
    return reversed(found)


def _set_digits(digits: str, start: int) -> Iterator[int]:
    at = digits.find("1")
    while at >= 0:
        yield start + at
        at = digits.find("1", at + 1)


def transposed(rows: Sequence[Bits], width: int) -> list[Bits]:
    """By column the set of the rows that hold it; no row may hold a column of `width` or above."""
    if sum(row.bit_count() for row in rows) * _SCATTERED < len(rows) * width:
        return _transposed_singly(rows, width)
    size = (width + 7) // 8
    table = b"".join(row.to_bytes(size, "little") for row in rows)
    columns: list[Bits] = []
    for byte in range(size):
        last_first = table[byte::size][::-1]
        columns += [int(last_first.translate(digits), 2) for digits in _DIGIT]
    return columns[:width]


def _transposed_singly(rows: Sequence[Bits], width: int) -> list[Bits]:
    holders: list[list[int]] = [[] for _ in range(width)]
    for row, bits in enumerate(rows):
        for column in members(bits):
            holders[column].append(row)
    return [set_of(column) for column in holders]


def closure(order: Iterable[int], neighbours: Sequence[Sequence[int]]) -> list[Bits]:
    """By place all that its neighbours lead to, directly or not; these must come earlier in the order."""
    found = [0] * len(neighbours)
    for place in order:
        bits = 0
        for neighbour in neighbours[place]:
            bits |= found[neighbour] | (1 << neighbour)
        found[place] = bits
    return found
