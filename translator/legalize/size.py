"""The size of a definition as the service gets it."""

from __future__ import annotations

import re
from typing import Final

from translator.diagnostics import Diagnostic, Position

MAX_DEFINITION_BYTES: Final = 1_048_576
"""AWS: Step Functions quotas, the size of a state machine's definition."""
TOO_LARGE: Final = "WF501"
_PLACEHOLDER: Final = re.compile(r"\$\{[A-Za-z]+\}")
_LONGEST_ARN: Final = 150
"""Characters of a function's or state machine's ARN: the longest region and name, and a version."""


def sent_bytes(text: str) -> int:
    """The most bytes that a definition has once whoever deploys it has put ARNs for its placeholders."""
    placeholders = _PLACEHOLDER.findall(text)
    return len(text.encode()) + sum(_LONGEST_ARN - len(each) for each in placeholders)


def check_size(text: str) -> tuple[Diagnostic, ...]:
    """Whether the service takes a definition of that size; `text` is what is sent."""
    size = sent_bytes(text)
    if size <= MAX_DEFINITION_BYTES:
        return ()
    message = f"the state machine has {size:,} bytes, and the service takes {MAX_DEFINITION_BYTES:,}"
    hint = "split the workflow in two, or move large fixed values into a node's own data"
    return (Diagnostic(TOO_LARGE, message, hint, Position(0, 0, "")),)
