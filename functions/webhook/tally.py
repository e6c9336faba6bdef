"""What happens to webhooks, counted here and written to the records of their triggers once in a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from layers.runtime.observability import logger
from layers.runtime.store import Store
from layers.runtime.store.routes import Route
from layers.runtime.store.trigger_records import count
from layers.runtime.timeline import iso_time

WRITE_SECONDS: Final = 1.0
"""Between two writes of one warm instance about one trigger: a record takes 1,000 writes a second in all."""


@dataclass(slots=True)
class _Counted:
    numbers: Counter[str] = field(default_factory=Counter)
    values: dict[str, Any] = field(default_factory=dict)
    written_at: float = 0.0


@dataclass(slots=True)
class Tally:
    """The counts of one warm instance: what the last second brought is lost when the instance ends."""

    store: Store
    clock: Callable[[], datetime]
    _counted: dict[tuple[str, str], _Counted] = field(default_factory=dict)

    def note(self, route: Route, outcome: str, **values: str) -> None:
        """Counts one request as `started`, `refused` or `deduplicated`; never fails."""
        now = self.clock()
        counted = self._counted.setdefault((route.workflow, route.trigger), _Counted())
        counted.numbers.update(("fired", outcome))
        counted.values |= {"last_fired_at": iso_time(now), **values}
        # Duplicates are few, and somebody who looks for them wants all of them.
        is_due = now.timestamp() - counted.written_at >= WRITE_SECONDS or outcome == "deduplicated"
        if is_due:
            self._write(route, counted, now.timestamp())

    def _write(self, route: Route, counted: _Counted, now: float) -> None:
        try:
            count(self.store, route.workflow, route.trigger, counted.numbers, counted.values)
        except (BotoCoreError, ClientError):
            logger().exception("the record of a trigger could not be written")
            return
        counted.numbers, counted.values, counted.written_at = Counter(), {}, now
