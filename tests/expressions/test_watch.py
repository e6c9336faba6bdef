"""Expressions that would never end, or take all memory, are stopped, and whoever evaluates them goes on."""

from __future__ import annotations

import threading
import time

import pytest

from translator.expressions.evaluator import EvaluationError, ExpressionSyntaxError, compile_expression
from translator.expressions.watch import OverrunError, Watch

MEBIBYTE = 1024 * 1024


def spin(seconds: float) -> int:
    """Work that looks at no clock but ends by itself, so that a watch that fails hangs no test."""
    end, turns = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        turns += 1
    return turns


def test_work_within_its_time_gives_its_value() -> None:
    assert Watch(5.0, 1024 * MEBIBYTE).run(lambda: 42) == 42


def test_what_the_work_raises_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        Watch(5.0, 1024 * MEBIBYTE).run(lambda: 1 // 0)


def test_work_that_takes_too_long_is_stopped() -> None:
    began = time.monotonic()
    with pytest.raises(OverrunError, match="timeout"):
        Watch(0.2, 1024 * MEBIBYTE).run(lambda: spin(20))
    assert time.monotonic() - began < 10


def test_work_that_takes_too_much_memory_is_stopped() -> None:
    def grow() -> int:
        held = ["x" * MEBIBYTE]
        end = time.monotonic() + 20
        while time.monotonic() < end and len(held) < 2_000:
            held.append("x" * (MEBIBYTE + len(held)))
            time.sleep(0.001)
        return len(held)

    with pytest.raises(OverrunError, match="memory"):
        Watch(30.0, 64 * MEBIBYTE).run(grow)


def test_only_the_thread_that_overruns_is_stopped_and_it_can_work_on() -> None:
    watch = Watch(0.3, 1024 * MEBIBYTE)
    results: list[str] = []

    def bad() -> None:
        with pytest.raises(OverrunError):
            watch.run(lambda: spin(20))
        results.append(f"bad {watch.run(lambda: 1)}")

    def good() -> None:
        for _ in range(20):
            watch.run(lambda: spin(0.02))
        results.append("good")

    threads = [threading.Thread(target=target) for target in (bad, good, good)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["bad 1", "good", "good"]


@pytest.mark.parametrize(
    "source",
    [
        "($f := function($x){1 + $f($x)}; $f(1))",
        "($f := function($x){$f($x)}; $f(1))",
    ],
)
def test_a_runaway_expression_is_an_error_of_evaluation(source: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        compile_expression(source).evaluate({})
    assert caught.value.code == "U1001"


@pytest.mark.parametrize(
    "source", ["(" * 3000 + "1" + ")" * 3000, "1" + "+1" * 2000, "$x" + ".a" * 1000, "[" * 3000 + "]" * 3000]
)
def test_an_expression_that_is_nested_too_deeply_is_refused(source: str) -> None:
    with pytest.raises(ExpressionSyntaxError, match=r"nested too deeply|too large"):
        compile_expression(source)
