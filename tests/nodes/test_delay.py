"""delay: durations and moments."""

from __future__ import annotations

from typing import Any

import pytest

from translator.node_type import Waiting
from translator.nodes.delay import Delay, DelayParameters


def lower(parameters: dict[str, Any]) -> Waiting:
    DelayParameters.model_validate(parameters)
    return Delay().lower(parameters)


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [
        ({"seconds": 5}, 5),
        ({"minutes": 1.5}, 90),
        ({"hours": 2}, 7_200),
        ({"days": 3}, 259_200),
        ({"days": 1, "hours": 12}, 129_600),
        ({"seconds": 0.2}, 1),
        ({"seconds": 0}, 0),
        ({"seconds": "{% $pause %}"}, "{% $ceil(($pause)) %}"),
        ({"minutes": "{% $pause %}", "seconds": 30}, "{% $ceil(($pause) * 60 + 30) %}"),
    ],
)
def test_amounts_are_added_up_in_whole_seconds(parameters: dict[str, Any], seconds: int | str) -> None:
    assert lower(parameters) == Waiting(seconds=seconds)


@pytest.mark.parametrize(
    ("until", "lowered"),
    [
        ("2026-12-24T18:00:00Z", "2026-12-24T18:00:00Z"),
        ("2026-12-24T18:00:00+01:00", "2026-12-24T17:00:00Z"),
        ("{% $trigger.body.due %}", "{% $trigger.body.due %}"),
        ("{% $day %}T08:00:00Z", "{% $day %}T08:00:00Z"),
    ],
)
def test_a_moment_is_given_in_utc(until: str, lowered: str) -> None:
    assert lower({"until": until}) == Waiting(until=lowered)


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({}, "needs either a duration"),
        ({"seconds": 1, "until": "2026-12-24T18:00:00Z"}, "needs either a duration"),
        ({"seconds": -1}, "greater than or equal to 0"),
        ({"days": 366}, "longer than a run may take"),
        ({"until": "tomorrow"}, '"tomorrow" is not a moment'),
        ({"until": "2026-12-24T18:00:00"}, "has no time zone"),
        ({"weeks": 1}, "Extra inputs"),
    ],
)
def test_what_is_no_wait_is_refused(parameters: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        DelayParameters.model_validate(parameters)
