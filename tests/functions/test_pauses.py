"""Which runs of a root are to be paused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from layers.runtime.store import Store
from layers.runtime.store.pauses import ask_to_pause, asked, let_go_on
from tests.functions.one_at_a_time import one_at_a_time


def test_runs_of_one_root_that_are_paused_at_the_same_moment_are_all_remembered(store: Store) -> None:
    shared = one_at_a_time(store)
    runs = [f"run-{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda run: ask_to_pause(shared, "root", run, 0.0), runs))
        assert sorted(asked(store, "root")) == runs
        list(threads.map(lambda run: let_go_on(shared, "root", run, 0.0), runs[1:]))
    assert asked(store, "root") == ["run-0"]
