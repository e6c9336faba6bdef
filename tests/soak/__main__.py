"""Many runs through webhooks on one machine, and a kill in their midst: python -m tests.soak --help."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from steploom.progress import progress
from tests.bench.figure import Figure
from tests.soak.ledger import Ledger, serving
from tests.soak.process import Cloud, running

_PATIENCE = 600.0
_SENDERS = 4
_IN_FLIGHT = 100


def _workflow(ledger: str, pause: int) -> str:
    """Two calls that must happen once, one without a key that the ledger could know, and a decision."""
    wait = [{"id": "pause", "type": "delay", "parameters": {"seconds": pause}}] if pause else []
    total = "{% $trigger.body.n * 2 %}"
    bare = {
        "method": "POST",
        "url": f"{ledger}/bare",
        "headers": {"X-Run": "{% $run.id %}"},
        "idempotency_header": None,
    }
    nodes = [
        *wait,
        {
            "id": "price",
            "type": "transform",
            "parameters": {"output": {"total": total}},
        },
        {
            "id": "note",
            "type": "http_request",
            "effect": "once",
            "parameters": {"method": "POST", "url": ledger, "body": {"total": "{% $price.total %}"}},
        },
        {"id": "bare", "type": "http_request", "effect": "once", "parameters": bare},
        {"id": "unsure", "type": "transform", "parameters": {"output": "it may have been noted"}},
        {"id": "even", "type": "condition", "parameters": {"when": "{% $trigger.body.n % 2 = 0 %}"}},
        {"id": "left", "type": "transform", "parameters": {"output": "even"}},
        {"id": "right", "type": "transform", "parameters": {"output": "odd"}},
    ]
    edges: list[dict[str, Any]] = [
        *([{"from": "pause", "to": "price"}] if pause else []),
        {"from": "price", "to": "note"},
        {"from": "note", "to": "bare"},
        {"from": "bare", "to": "unsure", "port": "error", "errors": ["OutcomeUnknown"]},
        {"from": "bare", "to": "even"},
        {"from": "even", "to": "left", "port": "true"},
        {"from": "even", "to": "right", "port": "false"},
    ]
    triggers = [{"id": "sale", "type": "webhook", "path": "sale", "method": "POST"}]
    return json.dumps({"id": "soak", "triggers": triggers, "nodes": nodes, "edges": edges})


def soak(runs: int, folder: Path) -> Iterator[Figure]:
    """Fires so many webhooks and waits for the ends; memory is taken after each tenth, and anew at the end.

    What runs leave behind (their records in the table) is memory that a new start takes as well; more than
    that would be a leak.
    """
    ledger = Ledger()
    with serving(ledger) as address, running(folder) as cloud:
        cloud.client.deploy("soak", _workflow(address, 0))
        began = time.monotonic()
        memory = [own for own, _ in _tenths(cloud, ledger, runs)]
        statuses = _ended(cloud, runs)
        seconds = time.monotonic() - began
        memory.append(cloud.megabytes()[0])
    with running(folder) as cloud:
        _ended(cloud, runs)
        anew = cloud.megabytes()[0]
    yield Figure("runs that succeeded", statuses["SUCCEEDED"], runs, "at least", 0)
    yield Figure("runs in any other state", runs - statuses["SUCCEEDED"], 0, digits=0)
    yield from _calls(ledger, runs)
    yield Figure("runs per second", runs / seconds, digits=1)
    yield Figure("memory at the end / after the second tenth", memory[-1] / memory[1], digits=2)
    yield Figure("kilobytes that a run leaves", (memory[9] - memory[1]) / (0.8 * runs) * 1000, digits=1)
    yield Figure("memory at the end / of a new start on the same data", memory[-1] / anew, 1.25, digits=2)


def _tenths(cloud: Cloud, ledger: Ledger, runs: int) -> Iterator[tuple[float, float]]:
    """Fires a tenth of the webhooks at a time; gives the memory after each."""
    with ThreadPoolExecutor(_SENDERS) as senders, progress("runs", runs) as tell:
        for tenth in range(10):
            first, last = tenth * runs // 10, (tenth + 1) * runs // 10
            for number in range(first, last):
                senders.submit(cloud.client.fire, "sale", {"n": number})
                tell(len(ledger.bare))
                while number - len(ledger.bare) > _IN_FLIGHT:
                    time.sleep(0.01)
            _await(partial(_has, ledger, last))
            own, whole = cloud.megabytes()
            _say(f"  {last:,} runs, {own:,.0f} MB, with functions {whole:,.0f} MB")
            yield own, whole


def in_flight(runs: int, folder: Path) -> Iterator[Figure]:
    """The local cloud's memory with so many runs that wait for an hour."""
    ledger = Ledger()
    with serving(ledger) as address, running(folder) as cloud:
        cloud.client.deploy("soak", _workflow(address, 3600))
        with ThreadPoolExecutor(_SENDERS) as senders:
            list(senders.map(lambda number: cloud.client.fire("sale", {"n": number}), range(runs)))
        own, _ = cloud.megabytes()
    yield Figure(f"memory with {runs:,} runs in flight, MB", own, 500, digits=0)


def _calls(ledger: Ledger, runs: int) -> Iterator[Figure]:
    yield Figure("keys under which a call came", len(ledger.keyed), runs, "at least", 0)
    yield Figure("calls repeated under their key", ledger.keyed.total() - len(ledger.keyed), digits=0)
    yield Figure("calls without a key that came twice", ledger.bare.total() - len(ledger.bare), 0, digits=0)


def _has(ledger: Ledger, count: int) -> bool:
    return len(ledger.bare) >= count


def kill(runs: int, folder: Path) -> Iterator[Figure]:
    """Kills the local cloud with so many runs under way; after the restart each must come to its end."""
    ledger = Ledger()
    with serving(ledger) as address:
        with running(folder) as cloud:
            cloud.client.deploy("soak", _workflow(address, 3))
            with ThreadPoolExecutor(_SENDERS) as senders:
                list(senders.map(lambda number: cloud.client.fire("sale", {"n": number}), range(runs)))
            _await(lambda: len(ledger.bare) >= runs // 4)
            done = len(ledger.bare)
            cloud.kill()
        with running(folder) as cloud:
            statuses = _ended(cloud, runs)
    yield Figure("calls before the kill", done, digits=0)
    yield Figure("runs that ended", sum(statuses.values()), runs, "at least", 0)
    yield Figure("runs that succeeded", statuses["SUCCEEDED"], digits=0)
    yield from _calls(ledger, runs)


def _ended(cloud: Cloud, runs: int) -> Counter[str]:
    """How the executions ended, once all have."""
    states = boto3.client(
        "stepfunctions",
        endpoint_url=cloud.aws_url,
        region_name="us-east-1",
        aws_access_key_id="soak",
        aws_secret_access_key="soak",
    )
    machine = "arn:aws:states:us-east-1:000000000000:stateMachine:main-soak"
    pages = states.get_paginator("list_executions")
    counted: Counter[str] = Counter()

    def look() -> bool:
        counted.clear()
        for page in pages.paginate(stateMachineArn=machine):
            counted.update(execution["status"] for execution in page["executions"])
        return counted.total() >= runs and not counted["RUNNING"]

    _await(look)
    return counted


def _await(done: Any) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the runs do not come to their end")
        time.sleep(0.2)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Prints the figures; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000, help="webhooks to fire (default 10,000)")
    parser.add_argument("--killed", type=int, default=200, help="runs under way at the kill (default 200)")
    parser.add_argument("--waiting", type=int, default=500, help="runs in flight at once (default 500)")
    chosen = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        parts = (
            kill(chosen.killed, place / "kill"),
            in_flight(chosen.waiting, place / "waiting"),
            soak(chosen.runs, place / "soak"),
        )
        for figures in parts:
            for figure in figures:
                _say(figure.to_line())
                missed += not figure.passes
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
