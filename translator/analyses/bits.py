"""Sets of small numbers as the digits of one integer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress
from typing import Final, TypeAlias

Bits: TypeAlias = int
"""A set: bit i stands for member i."""

_FEW: Final = 4
_SPARSE: Final = 16
_AS_FLAGS: Final = bytes.maketrans(b"01", b"\x00\x01")


def set_of(numbers: Iterable[int]) -> Bits:
    """The set with these members."""
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits


def union(sets: Iterable[Bits]) -> Bits:
    """What is in any of the sets."""
    bits = 0
    for one in sets:
        bits |= one
    return bits


def members(bits: Bits) -> Iterator[int]:
    """The members of a set, ascending.

    Taking the lowest bit off again and again costs the width of the set for each member, so of more than
    a few the digits are read instead.
    """
    count = bits.bit_count()
    if count <= _FEW:
        return _lowest_first(bits)
    digits = bin(bits)[:1:-1]
    if count * _SPARSE < len(digits):
        return _set_digits(digits)
    return compress(range(len(digits)), digits.encode().translate(_AS_FLAGS))


def _lowest_first(bits: Bits) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _set_digits(digits: str) -> Iterator[int]:
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)
