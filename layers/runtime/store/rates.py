"""Token buckets in the table: each is one number, the time at which the bucket would be full again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from boto3.dynamodb.conditions import Attr

from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.keys import Key
from layers.runtime.store.table import ABSENT, Add, Put

_TRIES: Final = 3
"""A full bucket is begun by one of those who come at once; the others look again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests at once, and as many again in so many seconds, evenly."""

    requests: int
    seconds: int

    @property
    def interval(self) -> int:
        """Milliseconds in which one token comes back."""
        return max(1, round(self.seconds * 1000 / self.requests))


def take(store: Store, key: Key, rate: Rate, now: float) -> float | None:
    """Takes a token at `now` (epoch seconds); gives None, or the seconds until there is one again.

    Each try is one conditional write, so that nobody takes what another one has taken.
    """
    moment = round(now * 1000)
    latest = moment + (rate.requests - 1) * rate.interval
    expires = int(now) + 2 * rate.seconds
    in_use = Attr("full_at").between(moment, latest)
    begun = {"pk": key.pk, "sk": key.sk, "full_at": moment + rate.interval, "expires_at": expires}
    for _ in range(_TRIES):
        try:
            store.table.write([Add(key, {"full_at": rate.interval}, {"expires_at": expires}, in_use)])
        except ConditionFailedError:
            pass
        else:
            return None
        try:
            store.table.write([Put(begun, ABSENT | Attr("full_at").lt(moment))])
        except ConditionFailedError:
            found = store.table.get(key)
            if found is not None and found["full_at"] > latest:
                return float((found["full_at"] - latest) / 1000)
        else:
            return None
    return rate.interval / 1000
