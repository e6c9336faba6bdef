"""Which Passes shall vanish: at level 1 those that compute nothing (merges, fixed values, other names)."""

from __future__ import annotations

import re
from typing import Final

from translator.asl import Pass
from translator.expressions.sources import source_of
from translator.json_value import JsonValue
from translator.optimize.reading import sources

_REFERENCE: Final = re.compile(r"\$[A-Za-z_]\w*")


def only_moves(state: Pass) -> bool:
    """Whether everything that the Pass assigns is fixed, or another variable's value."""
    return all(_is_moved(value) for value in state.assign.values())


def every(state: Pass) -> bool:
    """All of them."""
    del state
    return True


def _is_moved(value: JsonValue) -> bool:
    source = source_of(value)
    if source is None:
        return not any(sources(value))
    return _REFERENCE.fullmatch(source.strip()) is not None
