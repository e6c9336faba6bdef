"""The warm workers of one function, without the rest of the cloud."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.errors import MissingPackageError
from infra.local.functions.asset import lay_out
from infra.local.functions.concurrency import Concurrency, ThrottledError
from infra.local.functions.logs import LogGroup
from infra.local.functions.pool import FunctionPool
from infra.local.functions.worker import Program
from infra.topology import Function

from .conftest import wait_for

_FUNCTION = Function("own", "own", ("functions/own", "workflows/functions"))
_HANDLER = """
import os
import pathlib
import time
from workflows.functions import answer

def handler(event, context):
    if "grow" in event:
        kept = []
        while True:
            kept.append(b"x" * event["grow"])
    if "until" in event:
        while not pathlib.Path(event["until"]).exists():
            time.sleep(0.01)
    return [answer.ANSWER, os.getpid()]
"""


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[FunctionPool]:
    (tmp_path / "functions" / "own").mkdir(parents=True)
    (tmp_path / "functions" / "own" / "handler.py").write_text(_HANDLER)
    asset = lay_out(_FUNCTION, tmp_path / "asset", tmp_path, tmp_path / "workflows")
    program = Program("own", "arn", _FUNCTION.handler, asset, {"PATH": os.environ["PATH"]}, 10, 128)
    numbers = itertools.count()
    logs = LogGroup(tmp_path / "logs")
    pool = FunctionPool(program, logs, 3, lambda: f"id-{next(numbers)}", Concurrency(4))
    yield pool
    pool.close()


def _write_answer(folder: Path, answer: int) -> None:
    path = folder / "workflows" / "functions" / "answer.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"ANSWER = {answer}  # {'x' * answer}\n")


def _call(pool: FunctionPool, **event: Any) -> Any:
    return json.loads(pool.submit(json.dumps(event).encode()).result(timeout=20).payload)


def test_a_process_is_replaced_when_the_users_own_code_has_changed(
    pool: FunctionPool, tmp_path: Path
) -> None:
    _write_answer(tmp_path, 1)
    answer, process = _call(pool)
    assert answer == 1
    assert _call(pool) == [1, process]
    _write_answer(tmp_path, 2)
    answer, other = _call(pool)
    assert (answer, other != process) == (2, True)


def test_code_that_cannot_be_imported_is_reported_as_the_runtime_does(pool: FunctionPool) -> None:
    error = _call(pool)
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert "workflows.functions" in error["errorMessage"]


def test_a_warm_process_takes_the_first_invocation(pool: FunctionPool, tmp_path: Path) -> None:
    _write_answer(tmp_path, 1)
    pool.warm()
    assert len(list((tmp_path / "logs").iterdir())) == 1
    assert _call(pool)[0] == 1
    assert len(list((tmp_path / "logs").iterdir())) == 1


def test_idle_processes_end_except_one(pool: FunctionPool, tmp_path: Path) -> None:
    _write_answer(tmp_path, 1)
    futures = [pool.submit(b"{}") for _ in range(3)]
    processes = {json.loads(future.result(timeout=20).payload)[1] for future in futures}
    pool.reap(time.monotonic() + 1, 0)
    alive = _call(pool)[1]
    assert alive in processes
    assert not [process for process in processes - {alive} if Path(f"/proc/{process}").exists()]


def test_the_last_idle_process_ends_later_and_the_next_invocation_gets_a_new_one(
    pool: FunctionPool, tmp_path: Path
) -> None:
    _write_answer(tmp_path, 1)
    process = _call(pool)[1]
    pool.reap(time.monotonic() + 1, time.monotonic() + 1)
    assert not Path(f"/proc/{process}").exists()
    assert _call(pool)[1] != process


def test_code_that_changes_while_an_invocation_is_under_way_is_for_the_next_one(
    pool: FunctionPool, tmp_path: Path
) -> None:
    _write_answer(tmp_path, 1)
    go = tmp_path / "go"
    slow = pool.submit(json.dumps({"until": str(go)}).encode())
    handler = tmp_path / "functions" / "own" / "handler.py"
    wait_for(lambda: list((tmp_path / "logs").glob("*.log")) and b"START" in pool.logs.tail(1000))
    handler.write_text(_HANDLER.replace("answer.ANSWER", "'new'"))
    wait_for(lambda: _call(pool)[0] == "new")
    go.touch()
    assert json.loads(slow.result(timeout=20).payload)[0] == 1


@pytest.mark.parametrize("amount", [1_000_000, 8_000_000_000])
def test_a_function_that_takes_more_memory_than_it_has_is_killed_and_the_next_call_works(
    pool: FunctionPool, tmp_path: Path, amount: int
) -> None:
    _write_answer(tmp_path, 1)
    error = _call(pool, grow=amount)
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Error: Runtime exited with error: signal: killed")
    assert _call(pool)[0] == 1


def test_the_report_tells_the_memory(pool: FunctionPool, tmp_path: Path) -> None:
    _write_answer(tmp_path, 1)
    _call(pool)
    report = pool.logs.tail(1000).decode().splitlines()[-1]
    assert "\tMemory Size: 128 MB\tMax Memory Used: " in report
    assert "Used: 0 MB" not in report


def test_more_invocations_than_the_account_may_have_are_refused(pool: FunctionPool, tmp_path: Path) -> None:
    _write_answer(tmp_path, 1)
    go = tmp_path / "go"
    waiting = [pool.submit(json.dumps({"until": str(go)}).encode()) for _ in range(4)]
    with pytest.raises(ThrottledError) as caught:
        pool.submit(b"{}")
    assert caught.value.reason == "ConcurrentInvocationLimitExceeded"
    go.touch()
    assert [future.result(timeout=20).function_error for future in waiting] == [None] * 4
    assert _call(pool)[0] == 1


def test_what_one_function_has_reserved_is_neither_exceeded_nor_taken_by_others() -> None:
    concurrency = Concurrency(3, {"narrow": 1})
    concurrency.take("narrow")
    with pytest.raises(ThrottledError) as caught:
        concurrency.take("narrow")
    assert caught.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"
    concurrency.take("other")
    concurrency.take("third")
    with pytest.raises(ThrottledError):
        concurrency.take("other")
    concurrency.give_back("narrow")
    concurrency.take("narrow")


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPackageError, match=r'function "own" ships "functions/own"'):
        lay_out(_FUNCTION, tmp_path / "asset", tmp_path, tmp_path)


def test_the_oldest_logs_are_removed(tmp_path: Path) -> None:
    logs = LogGroup(tmp_path)
    for number in range(30):
        path = logs.new_stream(f"s{number}").path
        os.utime(path, (number, number))
    assert len(list(tmp_path.iterdir())) == 20
    assert not (tmp_path / "s0.log").exists()
