"""Names, lists and values as they stand in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from translator.node_type import inner, is_expression

LONGEST_VALUE: Final = 120
_MARKED: Final = re.compile(r"\{%\s*(.*?)\s*%\}", re.DOTALL)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*")
_IN_BRACKETS: Final = re.compile(r"^\((\$[\w.]+)\)(?= (=|in) )")


def listed(names: Sequence[str], word: str = "and") -> str:
    """`a, b and c`, each once."""
    distinct = list(dict.fromkeys(names))
    if len(distinct) < 2:
        return "".join(distinct)
    return f"{', '.join(distinct[:-1])} {word} {distinct[-1]}"


def bare(expression: str) -> str:
    """A whole expression without its marks, on one line."""
    return _IN_BRACKETS.sub(r"\1", " ".join(inner(expression).split()))


def shown(value: Any) -> str:
    """A parameter: expressions without their marks, in texts between braces; cut off where it is long."""
    text = _text(value) if isinstance(value, str) and not is_expression(value) else _shown(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _text(value: str) -> str:
    return " ".join(_MARKED.sub(r"{\1}", value).split())


def _shown(value: Any) -> str:
    if is_expression(value):
        return bare(value)
    if isinstance(value, str):
        return json.dumps(_text(value), ensure_ascii=False)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)}: {_shown(each)}' for key, each in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_shown(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else json.dumps(key, ensure_ascii=False)
