"""How much an execution may keep in variables (developer guide: Passing data with variables, Limits)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from translator.interpreter.fork import Fork
from translator.interpreter.frame import Frame
from translator.interpreter.payload import MAXIMUM_BYTES, encode
from translator.json_value import JsonValue

if TYPE_CHECKING:
    from translator.interpreter.engine import Engine

MAXIMUM_HELD: Final = 10 * 1024 * 1024
"""AWS: all variables of one execution together, in bytes of their JSON text."""
_SMALL: Final = frozenset({int, float, bool, type(None)})


def hold(engine: Engine, frame: Frame, values: Mapping[str, JsonValue]) -> bool:
    """Count what an Assign keeps; false where a variable, the Assign or the execution holds too much.

    Numbers, booleans and null are too small to count.
    """
    if frame.held is None and _SMALL.issuperset(map(type, values.values())):
        return True
    sizes = {name: len(encode(value).encode()) for name, value in values.items() if type(value) not in _SMALL}
    if sum(sizes.values()) > MAXIMUM_BYTES:
        return False
    kept = {name: size for name, size in (frame.held or {}).items() if name not in values}
    frame.held = {**kept, **sizes}
    # The sum of all that was ever assigned is an upper bound, and cheap; only past it is it worth a look.
    engine.held_at_most += sum(sizes.values())
    if engine.held_at_most > MAXIMUM_HELD:
        engine.held_at_most = _held(engine.root)
    return engine.held_at_most <= MAXIMUM_HELD


def _held(frame: Frame) -> int:
    own = sum((frame.held or {}).values())
    inner = frame.fork.running() if isinstance(frame.fork, Fork) else ()
    return own + sum(map(_held, inner))
