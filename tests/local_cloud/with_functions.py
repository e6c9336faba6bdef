"""A local cloud in a process of its own, for a project that has Python functions."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings

_START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is, and who one is there."""

    front_url: str
    development_token: str


@contextmanager
def cloud_with(functions: str, folder: Path) -> Iterator[Served]:
    """Runs it on free ports, with the source text as the project's functions; its data lie in the folder.

    What large values take of memory goes with the process, and does not stay with the tests that follow.
    """
    place = folder / "workflows" / "functions"
    place.mkdir(parents=True)
    (place / "orders.py").write_text(functions)
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(folder, there))
    process.start()
    there.close()
    try:
        assert here.poll(_START_SECONDS), "the local cloud does not start"
        yield Served(*here.recv())
    finally:
        here.close()
        process.join()


def _serve(folder: Path, told: Connection) -> None:
    """Serves until nobody listens any more."""
    settings = LocalSettings(
        folder / "data", 0, 0, workflows_folder=folder / "workflows", concurrency=2, warm=False
    )
    with LocalCloud(settings) as running:
        running.wait_until_ready()
        told.send((running.front_url, running.development_token))
        told.poll(None)
