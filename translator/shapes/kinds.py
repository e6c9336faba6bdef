"""The kinds of value that JSONata tells apart, as bits, so that a shape may be of several."""

from __future__ import annotations

from typing import Final

NOTHING: Final = 1
"""No value at all: JSONata's undefined, which is not null."""
NULL: Final = 2
BOOLEAN: Final = 4
NUMBER: Final = 8
TEXT: Final = 16
ARRAY: Final = 32
OBJECT: Final = 64
FUNCTION: Final = 128

JSON: Final = NULL | BOOLEAN | NUMBER | TEXT | ARRAY | OBJECT
VALUE: Final = JSON | FUNCTION
ALL: Final = VALUE | NOTHING
ABSENT: Final = NOTHING | NULL
"""What the output of a node that was skipped, or a field that is not there, may be."""
