"""Tells a Pass that computes nothing: merges, fixed values, one value under another name."""

from __future__ import annotations

import re
from typing import Final

from translator.asl import Pass
from translator.json_value import JsonValue
from translator.lower.draft import source_of
from translator.optimize.reading import sources

_REFERENCE: Final = re.compile(r"\$[A-Za-z_]\w*")


def only_moves(state: Pass) -> bool:
    """Whether everything that the Pass assigns is fixed, or another variable's value."""
    return all(_is_moved(value) for value in state.assign.values())


def _is_moved(value: JsonValue) -> bool:
    source = source_of(value)
    if source is None:
        return not any(sources(value))
    return _REFERENCE.fullmatch(source.strip()) is not None
