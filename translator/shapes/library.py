"""JSONata's functions, and those of Step Functions, as what they take and the shapes they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from translator.shapes import library_shapes as shapes
from translator.shapes.shape import ANYTHING, BOOLEAN, JSON, NEVER, NOTHING, NUMBER, TEXT, Shape, array_of
from translator.shapes.signature import Parameter, parameters

Result: TypeAlias = Callable[[Sequence[Shape]], Shape]


@dataclass(frozen=True, slots=True)
class LibraryFunction:
    """One function; `result` is asked with the shapes of the arguments, `$` among them where it is one."""

    parameters: tuple[Parameter, ...]
    result: Result
    returns: Shape
    """What it gives for arguments that are not known."""


def _of(signature: str, result: Shape | Result) -> LibraryFunction:
    """A function whose result is of one shape, nothing if an argument is; or is worked out."""
    if isinstance(result, Shape):
        return LibraryFunction(parameters(signature), shapes.strict(result), result.or_nothing)
    return LibraryFunction(parameters(signature), result, ANYTHING)


_TEXTS: Final = array_of(TEXT)

LIBRARY: Final[Mapping[str, LibraryFunction]] = {
    "string": _of("<x-b?:s>", TEXT),
    "length": _of("<s-:n>", NUMBER),
    "substring": _of("<s-nn?:s>", TEXT),
    "substringBefore": _of("<s-s:s>", TEXT),
    "substringAfter": _of("<s-s:s>", TEXT),
    "uppercase": _of("<s-:s>", TEXT),
    "lowercase": _of("<s-:s>", TEXT),
    "trim": _of("<s-:s>", TEXT),
    "pad": _of("<s-ns?:s>", TEXT),
    "contains": _of("<s-(sf):b>", BOOLEAN),
    "split": _of("<s-(sf)n?:a<s>>", _TEXTS),
    "join": _of("<a<s>s?:s>", TEXT),
    "match": _of("<s-f<s:o>n?:a<o>>", shapes.matches),
    "replace": _of("<s-(sf)(sf)n?:s>", TEXT),
    "base64encode": _of("<s-:s>", TEXT),
    "base64decode": _of("<s-:s>", TEXT),
    "encodeUrlComponent": _of("<s-:s>", TEXT),
    "encodeUrl": _of("<s-:s>", TEXT),
    "decodeUrlComponent": _of("<s-:s>", TEXT),
    "decodeUrl": _of("<s-:s>", TEXT),
    "number": _of("<(nsb)-:n>", NUMBER),
    "abs": _of("<n-:n>", NUMBER),
    "floor": _of("<n-:n>", NUMBER),
    "ceil": _of("<n-:n>", NUMBER),
    "round": _of("<n-n?:n>", NUMBER),
    "power": _of("<n-n:n>", NUMBER),
    "sqrt": _of("<n-:n>", NUMBER),
    "formatNumber": _of("<n-so?:s>", TEXT),
    "formatBase": _of("<n-n?:s>", TEXT),
    "formatInteger": _of("<n-s:s>", TEXT),
    "parseInteger": _of("<s-s:n>", NUMBER.or_nothing),
    "sum": _of("<a<n>:n>", NUMBER),
    "max": _of("<a<n>:n>", NUMBER.or_nothing),
    "min": _of("<a<n>:n>", NUMBER.or_nothing),
    "average": _of("<a<n>:n>", NUMBER.or_nothing),
    "count": _of("<a:n>", shapes.always(NUMBER)),
    "boolean": _of("<x-:b>", BOOLEAN),
    "not": _of("<x-:b>", BOOLEAN),
    "exists": _of("<x:b>", shapes.always(BOOLEAN)),
    "type": _of("<x:s>", shapes.strict(shapes.TYPE_NAMES)),
    "append": _of("<xx:a>", shapes.appended),
    "reverse": _of("<a:a>", shapes.same_items),
    "shuffle": _of("<a:a>", shapes.same_items),
    "distinct": _of("<x:x>", shapes.distinct),
    "zip": _of("<a+>", shapes.zipped),
    "keys": _of("<x-:a<s>>", shapes.keys),
    "lookup": _of("<x-s:x>", shapes.looked_up),
    "spread": _of("<x-:a<o>>", shapes.spread),
    "merge": _of("<a<o>:o>", shapes.merged),
    "clone": _of("<(oa)-:o>", shapes.first),
    "error": _of("<s?:x>", shapes.always(NEVER)),
    "assert": _of("<bs?:x>", shapes.always(NOTHING)),
    "now": _of("<s?s?:s>", TEXT),
    "millis": _of("<:n>", NUMBER),
    "fromMillis": _of("<n-s?s?:s>", TEXT),
    "toMillis": _of("<s-s?:n>", NUMBER.or_nothing),
    "partition": _of("<an?:a>", shapes.partitioned),
    "range": _of("<nnn:a>", shapes.numbers),
    "hash": _of("<xs?:s>", TEXT),
    "random": _of("<x?:n>", shapes.always(NUMBER)),
    "uuid": _of("<:s>", shapes.always(TEXT)),
    "parse": _of("<s:x>", JSON),
}
"""Signatures: docs.jsonata.org for 2.0.6; AWS: Transforming data with JSONata for the functions it adds."""
