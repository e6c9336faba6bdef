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
from infra.local.functions.logs import LogGroup
from infra.local.functions.pool import FunctionPool
from infra.local.functions.worker import Program
from infra.topology import Function

_FUNCTION = Function("own", "own", ("functions/own", "workflows/functions"))
_HANDLER = """
import os
from workflows.functions import answer

def handler(event, context):
    return [answer.ANSWER, os.getpid()]
"""


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[FunctionPool]:
    (tmp_path / "functions" / "own").mkdir(parents=True)
    (tmp_path / "functions" / "own" / "handler.py").write_text(_HANDLER)
    asset = lay_out(_FUNCTION, tmp_path / "asset", tmp_path, tmp_path / "workflows")
    program = Program("own", "arn", _FUNCTION.handler, asset, {"PATH": os.environ["PATH"]}, 10)
    numbers = itertools.count()
    pool = FunctionPool(program, LogGroup(tmp_path / "logs"), 3, lambda: f"id-{next(numbers)}")
    yield pool
    pool.close()


def _write_answer(folder: Path, answer: int) -> None:
    path = folder / "workflows" / "functions" / "answer.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"ANSWER = {answer}  # {'x' * answer}\n")


def _call(pool: FunctionPool) -> Any:
    return json.loads(pool.submit(b"{}").result(timeout=20).payload)


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
    pool.reap(time.monotonic() + 1)
    alive = _call(pool)[1]
    assert alive in processes
    assert not [process for process in processes - {alive} if Path(f"/proc/{process}").exists()]


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
