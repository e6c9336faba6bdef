"""The interpreter repeats what the real service did."""

from __future__ import annotations

import pytest

from tests.interpreter.conformance import report
from tests.interpreter.recordings import VARIABLE, corpora, load_recordings


def test_recorded_jsonata_executions_end_and_go_as_on_the_service() -> None:
    folder = corpora()
    if folder is None:
        pytest.skip(f"the environment variable {VARIABLE} names no folder with recordings")
    recordings = [one for one in load_recordings(folder) if one.jsonata]
    finals, events = report(recordings, "histories jsonata", verbose=True)
    assert finals == len(recordings)
    assert events >= 0.98 * len(recordings)
