"""The names of the functions that an expression may call on Step Functions."""

from __future__ import annotations

from typing import Final

_JSONATA: Final = """
string length substring substringBefore substringAfter uppercase lowercase trim pad contains split join match
replace base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl
number abs floor ceil round power sqrt formatNumber formatBase formatInteger parseInteger
sum max min average boolean not exists count append sort reverse shuffle distinct zip
keys lookup spread merge sift each error assert type clone
now millis fromMillis toMillis map filter single reduce
"""

JSONATA: Final = frozenset(_JSONATA.split())
"""JSONata 2.0.6 without `$eval` and `$random` (docs.jsonata.org)."""

STEP_FUNCTIONS: Final = frozenset({"partition", "range", "hash", "random", "uuid", "parse"})
"""What Step Functions adds or redefines (AWS: Transforming data with JSONata)."""

REFUSED: Final = {"eval": "parse"}
"""JSONata's functions that the service does not have, and what to use instead."""

KNOWN: Final = JSONATA | STEP_FUNCTIONS

MAY_NOT_FAIL: Final = frozenset({"exists", "boolean", "not", "string"})
"""Functions that give a value, or nothing, whatever they are given."""
