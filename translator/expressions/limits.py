"""What one evaluation may take: far more than a run may hold, and no more than a process survives."""

from __future__ import annotations

from typing import Final

from translator.expressions.watch import Watch

TIMEOUT_SECONDS: Final = 5.0
"""Of a processor."""
WALL_MILLISECONDS: Final = 50_000
"""What the library's own clock allows, which runs on while a busy machine does something else."""
MOST_CHARACTERS: Final = 16 * 1024 * 1024
"""Of one text. A value of a run has 256 KiB, one in a function some megabytes."""
MOST_WRITTEN: Final = 4 * MOST_CHARACTERS
"""Characters of a result as JSON, in which a part that stands in it twice is written twice."""
MOST_ITEMS: Final = 10_000_000
"""Of an array: what JSONata itself allows its range operator."""
MOST_IN_A_RANGE: Final = 873_782
"""Numbers of `[1..n]` that the service keeps in memory (measured: https://github.com/floci-io/floci/issues/2737)."""
WATCH: Final = Watch(TIMEOUT_SECONDS, 640 * 1024 * 1024)
