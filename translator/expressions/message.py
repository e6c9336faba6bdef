"""Say what went wrong in an expression with the words of jsonata.js, which the service repeats."""

from __future__ import annotations

import re
from collections.abc import Collection
from types import MappingProxyType
from typing import Final

_FIXED: Final = MappingProxyType({"T1006": "Attempted to invoke a non-function"})
_OPERATOR: Final = re.compile(r"side of the (?P<operator>[-+*/%]) operator")
_OF_LIBRARY: Final = re.compile(r"Error calling bound function \$\w+: ")
"""What jsonata2py puts before the words of a function that is not its own."""
_ARGUMENT: Final = re.compile(
    r"Argument (?P<index>\d+) of function (?P<problem>does not match function signature|must be an array of )"
    r"(?P<type>\w*)"
)


def service_message(code: str, message: str, functions: Collection[str]) -> str:
    """The library's `message` in jsonata.js's words, as far as it can be known.

    jsonata2py does not say which function refused an argument; where the expression names only one of
    `functions`, that is the one.
    """
    if code in _FIXED:
        return _FIXED[code]
    message = _OF_LIBRARY.sub("", message)
    match = _ARGUMENT.fullmatch(message)
    if match is None or len(functions) != 1:
        return _OPERATOR.sub(r'side of the "\g<operator>" operator', message)
    (name,) = functions
    kind = f'"{match["type"]}"' if match["type"] else ""
    return f'Argument {match["index"]} of function "{name}" {match["problem"]}{kind}'
