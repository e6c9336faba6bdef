"""The forecast of one machine, as figures, formulas and text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from translator.forecast.limits import Limit, limits_of
from translator.forecast.measured import Measured, Span, every_scope, measure
from translator.forecast.prices import CALL_SECONDS, EXPRESS_GIGABYTES, LIST_PRICES
from translator.forecast.visit import EVENTS_OF_A_RETRY
from translator.legalize.size import MAX_DEFINITION_BYTES, sent_bytes
from translator.legalize.split import Split

_TITLES: Final = MappingProxyType(
    {"transitions": "transitions", "lambda_calls": "Lambda calls", "history_events": "history events"}
)
_NOTHING_KNOWN: Final[Mapping[str, Decimal]] = MappingProxyType({})
_NOTHING_DECLARED: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True)
class Forecast:
    """What one run takes, and the machine's size. Retries come on top and are counted by themselves.

    The least is of a run in which nothing fails, the most of any; what they depend on besides the ways
    that the run takes are the counts, in which both are formulas.
    """

    states: int
    definition_bytes: int
    """As sent, with the longest ARNs in it."""
    measured: Measured
    call_seconds: Decimal
    is_express: bool = False

    def given(self, values: Mapping[str, int]) -> Forecast:
        """The same with other values of some counts; raises KeyError for a name that is no count's."""
        names = {count.name for count in self.measured.counts}
        for name in values.keys() - names:
            raise KeyError(name)
        counts = tuple(
            replace(count, value=values[count.name], is_declared=False) if count.name in values else count
            for count in self.measured.counts
        )
        return replace(self, measured=replace(self.measured, counts=counts))

    @property
    def spans(self) -> Mapping[str, Span]:
        """By figure its formulas."""
        return self.measured.spans

    def least(self, figure: str) -> int:
        """The smallest value of a figure at the counts, where those that only have a bound are 0."""
        return self.spans[figure].least.at({count.name: count.least for count in self.measured.counts})

    def most(self, figure: str) -> int:
        """The largest value of a figure at the counts."""
        return self.spans[figure].most.at({count.name: count.value for count in self.measured.counts})

    @property
    def has_loops(self) -> bool:
        """Whether anything depends on how often a loop is repeated."""
        return bool(self.measured.counts)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Where the quota of history events binds each loop; an Express run has no such quota."""
        if self.is_express:
            return ()
        return limits_of(self.spans["history_events"], self.measured.counts)

    @property
    def least_dollars(self) -> Decimal:
        """At list price, with `call_seconds` for each Lambda call."""
        return self._dollars(self.least)

    @property
    def most_dollars(self) -> Decimal:
        """At list price, with `call_seconds` for each Lambda call, without retries."""
        return self._dollars(self.most)

    def _dollars(self, figure: Callable[[str], int]) -> Decimal:
        prices, calls = LIST_PRICES, figure("lambda_calls")
        memory_time = Decimal(figure("lambda_megabytes")) / 1024 * self.call_seconds
        exact = calls * prices.lambda_request + memory_time * prices.lambda_gigabyte_second
        if self.is_express:
            run_time = Decimal(figure("milliseconds")) / 1000 * EXPRESS_GIGABYTES
            exact += prices.express_request + run_time * prices.express_gigabyte_second
        else:
            exact += figure("transitions") * prices.transition
        return exact.quantize(Decimal("0.0000001")).normalize() + Decimal(0)

    def to_json(self) -> dict[str, Any]:
        """JSON form; money as text, seconds as numbers."""
        return {
            "states": self.states,
            "definition_bytes": self.definition_bytes,
            "is_express": self.is_express,
            "counts": [
                {
                    "name": count.name,
                    "kind": count.kind,
                    "node": count.node,
                    "value": count.value,
                    "is_declared": count.is_declared,
                }
                for count in self.measured.counts
            ],
            **{figure: self._figure(figure) for figure in _TITLES},
            "retries": {"most": self.most("retries"), "formula": self.spans["retries"].most.to_text()},
            "critical_path_seconds": {
                "least": self.least("milliseconds") / 1000,
                "most": self.most("milliseconds") / 1000,
            },
            "dollars": {"least": f"{self.least_dollars:f}", "most": f"{self.most_dollars:f}"},
            "limits": [limit.to_json() for limit in self.limits],
            "prices": LIST_PRICES.to_text(),
            "call_seconds": float(self.call_seconds),
        }

    def _figure(self, figure: str) -> dict[str, Any]:
        span = self.spans[figure]
        return {
            "least": self.least(figure),
            "most": self.most(figure),
            "least_formula": span.least.to_text(),
            "most_formula": span.most.to_text(),
        }

    def to_text(self) -> str:
        """A table, what its figures rest on, and where a quota binds."""
        return "\n".join((*self._table(), *self._notes())) + "\n"

    def _table(self) -> Iterator[str]:
        share = 100 * self.definition_bytes / MAX_DEFINITION_BYTES
        yield f"states          {self.states:,}"
        yield f"definition      {self.definition_bytes:,} bytes, {share:.1f} % of what the service takes"
        yield "                    at least       at most"
        for figure, title in _TITLES.items():
            formula = f"  = {self.spans[figure].most.to_text()}" if self.has_loops else ""
            yield f"{title:<14}{self.least(figure):>14,}{self.most(figure):>14,}{formula}"
        least, most = (extreme("milliseconds") / 1000 for extreme in (self.least, self.most))
        yield f"{'seconds':<14}{least:>14,.1f}{most:>14,.1f}"
        yield f"{'dollars a run':<14}{self.least_dollars:>14f}{self.most_dollars:>14f}"

    def _notes(self) -> Iterator[str]:
        for count in self.measured.counts:
            yield count.to_text()
        retries = self.most("retries")
        if retries:
            yield (
                f"retries: at most {retries:,}, each a transition, a Lambda call "
                f"and {EVENTS_OF_A_RETRY} history events more"
            )
        for limit in self.limits:
            yield limit.to_text()
        yield f"{LIST_PRICES.to_text()}; a Lambda call taken to last {self.call_seconds} s"


def forecast(
    split: Split,
    text: str,
    seconds: Mapping[str, Decimal] = _NOTHING_KNOWN,
    *,
    declared: Mapping[str, int] = _NOTHING_DECLARED,
    is_express: bool = False,
) -> Forecast:
    """The forecast of a finished machine with its parts; `text` is its own as sent.

    `seconds` are what nodes take, by id, where that is known; `declared` how often their bodies run at most.
    """
    return Forecast(
        states=sum(len(scope.states) for each in split.machines for scope in every_scope(each.states)),
        definition_bytes=sent_bytes(text),
        measured=measure(split, seconds, CALL_SECONDS, declared),
        call_seconds=CALL_SECONDS,
        is_express=is_express,
    )
