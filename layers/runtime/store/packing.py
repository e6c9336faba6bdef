"""Long texts in items: compressed, since DynamoDB allows 400 KB per item and machines repeat themselves."""

from __future__ import annotations

import zlib


def pack(text: str) -> bytes:
    """Compressed UTF-8."""
    return zlib.compress(text.encode(), 6)


def unpack(packed: bytes) -> str:
    """The text that was packed."""
    return zlib.decompress(packed).decode()
