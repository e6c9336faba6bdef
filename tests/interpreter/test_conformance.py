"""What the real service was recorded doing is repeated."""

from __future__ import annotations

import pytest

from tests.interpreter.conformance import parts
from tests.interpreter.recordings import VARIABLE, corpora


@pytest.mark.parametrize("name", ["histories", "teststate", "jsonata"])
def test_what_the_service_was_recorded_doing_is_repeated(name: str) -> None:
    folder = corpora()
    if folder is None:
        pytest.skip(f"the environment variable {VARIABLE} names no folder with recordings")
    for part in parts(folder, (name,)):
        assert part.holds, "\n".join(part.lines())
