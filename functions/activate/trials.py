"""Runs the tests of a definition before its activation: on virtual time, no user code, in bounded time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NoReturn

from functions.activate.compilation import finding
from layers.runtime.json_value import JsonObject
from layers.runtime.timeline import build_timeline
from translator.definition.model import TestCase
from translator.diagnostics import Diagnostic, Severity
from translator.error_classes import NodeError
from translator.expressions.watch import OverrunError, Watch
from translator.testing import run_case
from translator.testing.case import Compiled

SECONDS: Final = 12.0
"""For all tests together; whoever asks the API waits at most 29 (AWS: HTTP APIs)."""
CASE_SECONDS: Final = 5.0
_MOST_BYTES: Final = 400 * 1024 * 1024
_WATCH: Final = Watch(CASE_SECONDS, _MOST_BYTES)


@dataclass(frozen=True, slots=True)
class Trial:
    """How one test went; a skipped one says why it could not be judged here."""

    name: str
    status: Literal["passed", "failed", "skipped"]
    problems: Sequence[str] = ()

    def to_json(self) -> JsonObject:
        """The form of the REST API's answers."""
        return {"name": self.name, "status": self.status, "problems": list(self.problems)}


@dataclass(slots=True)
class _Elsewhere:
    """Keeps what a test would need that is not here: the project's own code, other workflows."""

    needs: list[str] = field(default_factory=list)

    def work(self, payload: Mapping[str, Any]) -> NoReturn:
        self._note(f'node "{payload["node"]}" runs code that activation does not run: mock it')
        raise NodeError("it does not run here")

    def machine(self, workflow: str) -> None:
        self._note(f'it runs workflow "{workflow}", which activation does not: mock that node')

    def _note(self, need: str) -> None:
        if need not in self.needs:
            self.needs.append(need)


def try_out(compiled: Compiled, clock: Callable[[], float]) -> tuple[Trial, ...]:
    """All tests of a definition; `clock` gives seconds that only grow."""
    deadline = clock() + SECONDS
    return tuple(
        _tried(compiled, case)
        if clock() < deadline
        else Trial(case.name, "skipped", (f"the tests before it took {SECONDS:g} s",))
        for case in compiled.definition.tests
    )


def _tried(compiled: Compiled, case: TestCase) -> Trial:
    elsewhere = _Elsewhere()
    try:
        result = _WATCH.run(run_case, compiled, case, elsewhere.work, build_timeline, elsewhere.machine)
    except OverrunError:
        return Trial(case.name, "failed", (f"it takes more than {CASE_SECONDS:g} s, or too much memory",))
    except LookupError:
        return Trial(case.name, "skipped", ("its data is kept outside of the machine, which is not here",))
    if elsewhere.needs:
        return Trial(case.name, "skipped", tuple(elsewhere.needs))
    return Trial(case.name, "passed" if result.passed else "failed", result.problems)


def trial_findings(trials: Sequence[Trial], *, required: bool) -> Iterator[Diagnostic]:
    """What is to be said of tests that did not pass; a skipped one never stops an activation."""
    for number, trial in enumerate(trials):
        why = "; ".join(trial.problems)
        if trial.status == "failed":
            severity = Severity.ERROR if required else Severity.WARNING
            hint = "correct the definition or the test: `steploom test` runs it too"
            yield finding("AC120", f"test '{trial.name}' fails: {why}", hint, f"/tests/{number}", severity)
        if trial.status == "skipped":
            hint = "`steploom test` runs it with the project's code"
            message = f"test '{trial.name}' was not judged: {why}"
            yield finding("AC121", message, hint, f"/tests/{number}", Severity.WARNING)
