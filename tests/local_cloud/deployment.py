"""A small deployment for the tests, and a process that serves it.

Run as a script: `deployment.py <data folder> [front port] [aws port]`; prints one line of JSON when ready.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from infra.local.cloud import LocalCloud
from infra.local.errors import LocalCloudError
from infra.local.settings import LocalSettings
from infra.parts import Cors, Queue, Source, Throttle
from infra.topology import Function, Index, Route, Rule, Table, Topology

CODE = Path(__file__).parent / "code"


def _function(name: str, timeout_seconds: int = 20, sources: tuple[Source, ...] = ()) -> Function:
    environment = {
        "TABLE": "{table}",
        "TOKEN": "{development_token}",
        "ECHO": "{function:echo}",
        "QUEUE": "{queue:orders}",
    }
    return Function(
        name,
        name,
        (f"functions/{name}",),
        timeout_seconds=timeout_seconds,
        environment=environment,
        sources=sources,
    )


_TAKER = _function("taker", 5, (Source("orders"),))
_NARROW = replace(
    _function("narrow"), packages=("functions/narrow", "functions/echo"), reserved_concurrency=1
)
DEPLOYMENT = Topology(
    project="test",
    functions=(_function("echo", 2), _function("authorizer"), _function("sink"), _TAKER, _NARROW),
    routes=(
        Route("ANY", "/private/{proxy+}", "echo"),
        Route("ANY", "/open/{proxy+}", "echo", authorized=False),
        Route("POST", "/open/items/{id}", "echo", authorized=False),
        Route("GET", "/rare", "echo", authorized=False, throttle=Throttle(rate=0.001, burst=2)),
        Route("GET", "/narrow", "narrow", authorized=False),
    ),
    authorizer="authorizer",
    cors=Cors(("https://editor.example",), ("GET", "PUT"), ("authorization",), ("apigw-requestid",), 60),
    table=Table("test-table", (Index("by_kind", "gsi1pk", "gsi1sk"),)),
    bus="test-bus",
    queues=(
        Queue("orders", visibility_seconds=5, dead_letter="lost-orders", most_receives=2),
        Queue("lost-orders"),
    ),
    rules=(
        Rule(
            "test-ended",
            "default",
            {
                "source": ["aws.states"],
                "detail": {"status": ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]},
            },
            "sink",
        ),
        Rule("test-orders", "platform", {"source": ["shop"], "detail-type": ["order"]}, "sink"),
    ),
)


def settings(folder: Path, front_port: int = 0, aws_port: int = 0) -> LocalSettings:
    return LocalSettings(
        data_folder=folder,
        front_port=front_port,
        aws_port=aws_port,
        deployment=DEPLOYMENT,
        code_folder=CODE,
        retry_delays=(0.05, 0.05),
        concurrency=4,
        warm=False,
    )


def main(arguments: list[str]) -> int:
    try:
        with LocalCloud(settings(Path(arguments[0]), *map(int, arguments[1:]))) as cloud:
            cloud.wait_until_ready()
            ready = {"front": cloud.front_url, "aws": cloud.aws_url, "token": cloud.development_token}
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()
            cloud.serve_forever()
    except LocalCloudError as error:
        sys.stdout.write(json.dumps({"error": str(error)}) + "\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
