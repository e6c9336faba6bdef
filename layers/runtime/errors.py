"""The errors that reach a caller: the caller's mistake, or ours; both print as RFC 9457 problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layers.runtime.json_value import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as RFC 9457 (Problem Details for HTTP APIs) has it, with a code and a hint of our own."""

    status: int
    code: str
    """A name in lower case with underscores; the last part of `type`."""
    title: str
    detail: str
    hint: str
    diagnostics: Sequence[JsonObject] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    violations: Sequence[JsonObject] = ()
    """Where a payload does not fit its JSON Schema: `pointer` and `message` of each place."""

    def to_json(self) -> dict[str, JsonValue]:
        """The body of an `application/problem+json` answer."""
        body: dict[str, JsonValue] = {
            "type": f"urn:steploom:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "hint": self.hint,
        }
        if self.diagnostics:
            body["diagnostics"] = list(self.diagnostics)
        if self.violations:
            body["violations"] = list(self.violations)
        return body


class RuntimeProblemError(Exception):
    """The root of all errors that the functions raise on purpose."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.detail} {problem.hint}")
        self.problem = problem


class RequestError(RuntimeProblemError):
    """The caller's mistake: the request cannot be done, and says what to do."""


class PlatformError(RuntimeProblemError):
    """Our side's failure: the request was fine; nothing was half-written."""


class ConfigurationError(PlatformError):
    """This deployment lacks something; whoever deploys can mend it."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Problem(
                500, "not_configured", "Not configured", f"{detail}.", "Deploy again, or set what is missing."
            )
        )


def unexpected(error: Exception) -> Problem:
    """What a caller sees of a failure that nobody foresaw: its class, never its inside."""
    return Problem(
        500,
        "internal_error",
        "Internal error",
        f"The platform failed with {type(error).__name__}.",
        "This is a bug in Steploom: please report it with the time of the request.",
    )
