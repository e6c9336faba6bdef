"""Expressions that would never end, or take all memory, are stopped, and whoever evaluates them goes on."""

from __future__ import annotations

import sys
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


def test_what_waits_for_a_processor_is_given_ten_times_its_seconds() -> None:
    woken = threading.Event()
    assert Watch(0.2, 1024 * MEBIBYTE).run(lambda: woken.wait(0.6)) is False
    with pytest.raises(OverrunError, match="timeout"):
        Watch(0.02, 1024 * MEBIBYTE).run(lambda: [woken.wait(0.1) for _ in range(200)])


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


def test_work_that_lost_the_asking_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda found: lost.append(found.exc_type.__name__))

    class Loses:
        """The exception that comes while this goes is dropped, as in every destructor."""

        def __del__(self) -> None:
            spin(0.8)

    def lose_one() -> int:
        Loses()
        return spin(20)

    began = time.monotonic()
    with pytest.raises(OverrunError, match="timeout"):
        Watch(0.1, 1024 * MEBIBYTE).run(lose_one)
    assert lost == ["_Runaway"]
    assert time.monotonic() - began < 10


def test_work_can_ask_whether_it_must_end() -> None:
    watch = Watch(0.05, 1024 * MEBIBYTE)
    asked: list[str | None] = []

    def work() -> None:
        asked.append(watch.look())
        spin(20)

    with pytest.raises(OverrunError):
        watch.run(work)
    assert asked == [None]
    assert watch.look() is None


@pytest.mark.parametrize(
    "source",
    [
        '($f := function($s, $n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $length($f("xxxxxxxx", 60)))',
        "($f := function($x){1 + $f($x)}; $f(1))",
        "($f := function($x){$f($x)}; $f(1))",
        "($f := function($a, $n){$n = 0 ? $a : $f([$a, {'a': $a}], $n - 1)}; $f([], 50000))",
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
