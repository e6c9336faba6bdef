"""The interpreter repeats what the real service did."""

from __future__ import annotations

import pytest

from tests.interpreter.conformance import judge, print_misses, report
from tests.interpreter.recordings import VARIABLE, corpora, load_recordings


@pytest.mark.parametrize(("jsonata", "final", "event"), [(True, 1.0, 0.98), (False, 0.95, 0.92)])
def test_recorded_executions_end_and_go_as_on_the_service(jsonata: bool, final: float, event: float) -> None:
    folder = corpora()
    if folder is None:
        pytest.skip(f"the environment variable {VARIABLE} names no folder with recordings")
    verdicts = [judge(one) for one in load_recordings(folder) if one.jsonata is jsonata]
    print_misses(verdicts)
    finals, events = report(verdicts, "histories")
    assert finals >= final * len(verdicts)
    assert events >= event * len(verdicts)
