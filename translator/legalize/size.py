"""The size of a definition as the service gets it."""

from __future__ import annotations

import re
from typing import Final

MAX_DEFINITION_BYTES: Final = 1_048_576
"""AWS: Step Functions quotas, the size of a state machine's definition."""
_PLACEHOLDER: Final = re.compile(r"\$\{[A-Za-z]+\}")
_LONGEST_ARN: Final = 150
"""Characters of a function's or state machine's ARN: the longest region and name, and a version."""


def sent_bytes(text: str) -> int:
    """The most bytes that a definition has once whoever deploys it has put ARNs for its placeholders."""
    placeholders = _PLACEHOLDER.findall(text)
    return len(text.encode()) + sum(_LONGEST_ARN - len(each) for each in placeholders)
