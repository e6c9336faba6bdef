"""Pausing the search for cyclic garbage while one definition is compiled."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collection() -> Iterator[None]:
    """Cyclic garbage waits until the end, which restores what was found, also after errors.

    Nests, and compilations in several threads never leave it off: whoever found it on puts it on again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
