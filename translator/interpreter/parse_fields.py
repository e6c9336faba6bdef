"""Fields that states of several types have, in JSONata mode and in both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from translator.interpreter.read import DURATION, Bounds, Reader
from translator.interpreter.states import Catcher, Retrier, Scope
from translator.interpreter.template import Template

COMMON: Final = ("Type", "Comment", "QueryLanguage")
ENDING: Final = ("Next", "End")
_RATE: Final = Bounds(1.0)
GUARDED: Final = (*COMMON, *ENDING, "Arguments", "Output", "Assign", "Retry", "Catch")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A state and its place: the machine's `language`, the variables `assigned` in its scope and around."""

    name: str
    kind: str
    language: str
    assigned: frozenset[str]
    parse_scope: Callable[[Reader, str, frozenset[str]], Scope]

    @property
    def common(self) -> dict[str, Any]:
        """The fields of every prepared state."""
        return {
            "name": self.name,
            "kind": self.kind,
            "entered": f"{self.kind}StateEntered",
            "exited": f"{self.kind}StateExited",
        }

    def scope(self, reader: Reader) -> Scope:
        """A scope inside of the state."""
        return self.parse_scope(reader, self.language, self.assigned)

    def child_scope(self, reader: Reader) -> Scope:
        """The scope of child executions, which see none of the variables around (AWS: distributed Map)."""
        return self.parse_scope(reader, self.language, frozenset())


def following(reader: Reader) -> str | None:
    """The next state, or None where the state ends its scope."""
    end, target = reader.flag("End"), reader.text("Next")
    if end:
        reader.alone("Next", "End")
    elif target is None:
        raise reader.refuse("", "There should be one of the following fields: [Next, End]")
    return target


def moving(reader: Reader, common: Mapping[str, Any], *more: Template | None) -> dict[str, Any]:
    """The fields of every state that goes on: where to, and with what."""
    output, assign = reader.template("Output"), reader.template("Assign")
    return {
        **common,
        "next": following(reader),
        "output": output,
        "assign": assign,
        "needs_context": any(part is not None and part.needs_context for part in (output, assign, *more)),
    }


def guarded(reader: Reader, common: Mapping[str, Any], *more: Template | None) -> dict[str, Any]:
    """The fields of every state that Retry and Catch exist for."""
    arguments = reader.template("Arguments")
    catchers = tuple(_parse_catcher(catcher, index) for index, catcher in enumerate(reader.objects("Catch")))
    caught = (part for catcher in catchers for part in (catcher.output, catcher.assign))
    return {
        **moving(reader, common, arguments, *caught, *more),
        "arguments": arguments,
        "retriers": tuple(parse_retrier(retrier) for retrier in reader.objects("Retry")),
        "catchers": catchers,
    }


def _parse_catcher(reader: Reader, index: int) -> Catcher:
    reader.only("ErrorEquals", "Next", "Output", "Assign", "Comment")
    location = f"Catch[{index}]/"
    return Catcher(
        reader.error_names("ErrorEquals"),
        reader.required_text("Next"),
        reader.template("Output", location),
        reader.template("Assign", location),
    )


def parse_retrier(reader: Reader) -> Retrier:
    """One entry of a Retry."""
    reader.only(
        "ErrorEquals",
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
        "Comment",
    )
    interval, attempts = reader.number("IntervalSeconds", DURATION), reader.number("MaxAttempts")
    rate = reader.number("BackoffRate", _RATE)
    return Retrier(
        errors=reader.error_names("ErrorEquals"),
        interval_seconds=1 if interval is None else interval,
        maximum_attempts=3 if attempts is None else int(attempts),
        backoff_rate=2.0 if rate is None else rate,
        maximum_delay_seconds=reader.number("MaxDelaySeconds", DURATION),
        full_jitter=reader.choice("JitterStrategy", ("FULL", "NONE"), "NONE") == "FULL",
    )
