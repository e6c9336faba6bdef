"""Signed webhooks at a steady rate, against a limit or none: python -m tests.soak.webhooks --help."""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import boto3
import requests

from steploom.platform.client import ApiClient
from tests.soak.process import Cloud, running

_SECRET: Final = "a secret of two parties"
_PATH: Final = "load"
_SENDERS: Final = 24


@dataclass
class Load:
    """What was sent and how it was answered."""

    seconds: list[float] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)
    """By how much each was sent after its time, because earlier ones were not answered yet."""

    def told(self, took: float) -> dict[str, Any]:
        """The figures; latencies in milliseconds."""
        cuts = statistics.quantiles(self.seconds, n=100) if len(self.seconds) > 1 else [0.0] * 99
        return {
            "sent": len(self.seconds),
            "answered_per_second": round(len(self.seconds) / took, 1),
            "p50_ms": round(cuts[49] * 1000, 1),
            "p99_ms": round(cuts[98] * 1000, 1),
            "most_late_seconds": round(max(self.late, default=0.0), 2),
            "answers": dict(self.codes),
        }


def definition(limit: int | None) -> str:
    """One state that calls nothing: what is measured is the way to the start and back."""
    settings = {} if limit is None else {"concurrency": {"limit": limit}}
    verify = {"preset": "hmac", "secret": "load"}
    trigger = {"id": "sent", "type": "webhook", "path": _PATH, "verify": verify}
    nodes = [{"id": "total", "type": "transform", "parameters": {"output": "{% $trigger.body.n %}"}}]
    return json.dumps({"id": "load", "triggers": [trigger], "nodes": nodes, "settings": settings})


def send(client: ApiClient, rate: float, seconds: float) -> tuple[Load, float]:
    """Sends at that rate, whatever becomes of those before as long as a sender is free."""
    load, sessions, lock = Load(), threading.local(), threading.Lock()
    began = time.monotonic()

    def one(number: int) -> None:
        due = began + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        session = getattr(sessions, "session", None)
        if session is None:
            session = sessions.session = requests.Session()
        body = json.dumps({"n": number}).encode()
        signature = hmac.new(_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-signature": signature}
        sent = time.monotonic()
        try:
            answer = session.post(f"{client.url}/webhooks/{_PATH}", body, headers=headers, timeout=60)
            code = str(answer.status_code)
        except requests.RequestException as error:
            code = type(error).__name__
        with lock:
            load.seconds.append(time.monotonic() - sent)
            load.late.append(sent - due)
            load.codes[code] += 1

    with ThreadPoolExecutor(_SENDERS) as pool:
        list(pool.map(one, range(round(rate * seconds))))
    return load, time.monotonic() - began


def wait_for_ends(cloud: Cloud, limit: int | None, patience: float) -> dict[str, Any]:
    """Until no run is open, and how many were under way at once at most, as Step Functions says it."""
    states: Any = boto3.client(
        "stepfunctions",
        endpoint_url=cloud.aws_url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    began, most, left = time.monotonic(), 0, -1
    machine = next(one["stateMachineArn"] for one in states.list_state_machines()["stateMachines"])
    while time.monotonic() - began < patience:
        under_way = states.list_executions(stateMachineArn=machine, statusFilter="RUNNING", maxResults=1000)
        most = max(most, len(under_way["executions"]))
        waiting = cloud.client.get("/api/workflows/load/queue", limit=100)["items"]
        left = len(under_way["executions"]) + len(waiting)
        if left == 0:
            break
        time.sleep(1)
    return {
        "drained_after_seconds": round(time.monotonic() - began, 1),
        "left_open": left,
        "most_seen_under_way": most,
        "limit": limit,
    }


def measure(rate: float, seconds: float, limit: int | None, patience: float) -> dict[str, Any]:
    """One run of the load on a local cloud of its own."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as cloud:
        secrets = boto3.client(
            "secretsmanager",
            endpoint_url=cloud.aws_url,
            region_name="us-east-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )
        secrets.create_secret(Name="main/load", SecretString=_SECRET)
        cloud.client.deploy("load", definition(limit))
        send(cloud.client, 5, 2)
        before = cloud.processor_seconds()
        load, took = send(cloud.client, rate, seconds)
        after = wait_for_ends(cloud, limit, patience)
        spent = [
            (end - begin) / len(load.seconds)
            for begin, end in zip(before, cloud.processor_seconds(), strict=True)
        ]
        work = {
            "own_processor_ms": round(spent[0] * 1000, 1),
            "whole_processor_ms": round(spent[1] * 1000, 1),
        }
        return {"rate": rate, **load.told(took), **work, **after}


def main() -> None:
    """Prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=200.0, help="webhooks a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--limit", type=int, help="runs under way at once; by default any number")
    parser.add_argument("--patience", type=float, default=600.0, help="seconds to wait for the last end")
    given = parser.parse_args()
    figures = measure(given.rate, given.seconds, given.limit, given.patience)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
