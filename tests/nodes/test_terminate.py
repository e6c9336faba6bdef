"""terminate: the two ends of a run."""

from __future__ import annotations

from typing import Any

import pytest

from translator.node_type import Ending
from translator.nodes.terminate import Terminate, TerminateParameters


def lower(parameters: dict[str, Any]) -> Ending:
    TerminateParameters.model_validate(parameters)
    return Terminate().lower(parameters)


def test_a_good_end_may_give_an_output() -> None:
    assert lower({"status": "succeeded"}) == Ending(status="succeeded")
    assert lower({"status": "succeeded", "output": {"id": "{% $run.id %}"}}) == Ending(
        status="succeeded", output={"id": "{% $run.id %}"}
    )


def test_a_bad_end_has_an_error_and_a_cause() -> None:
    assert lower({"status": "failed"}) == Ending(status="failed", error="Terminated", cause="")
    assert lower({"status": "failed", "error": "OutOfStock", "cause": "{% $sku %}"}) == Ending(
        status="failed", error="OutOfStock", cause="{% $sku %}"
    )


def test_nothing_leaves_it_and_it_cannot_fail() -> None:
    assert Terminate().ports({"status": "failed"}) == ()
    assert not Terminate().can_fail()


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({}, "Field required"),
        ({"status": "done"}, "'succeeded' or 'failed'"),
        ({"status": "{% $how %}"}, "must be a fixed value"),
        ({"status": "failed", "output": 1}, '"output" cannot be given with status "failed"'),
        ({"status": "succeeded", "error": "X", "cause": "y"}, '"cause", "error" cannot be given'),
        ({"status": "failed", "error": "States.Timeout"}, "reserved name"),
        ({"status": "failed", "error": "Steploom.Terminated"}, "reserved name"),
    ],
)
def test_what_is_no_end_is_refused(parameters: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        TerminateParameters.model_validate(parameters)
