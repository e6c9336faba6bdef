"""A local cloud in this process for a project that has Python functions of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.cloud import LocalCloud
from infra.local.settings import LocalSettings


@contextmanager
def cloud_with(functions: str, folder: Path) -> Iterator[LocalCloud]:
    """Runs it on free ports, with the source text as the project's functions; its data lie in the folder."""
    place = folder / "workflows" / "functions"
    place.mkdir(parents=True)
    (place / "orders.py").write_text(functions)
    settings = LocalSettings(folder / "data", 0, 0, workflows_folder=place.parent, concurrency=2, warm=False)
    with LocalCloud(settings) as running:
        running.wait_until_ready()
        yield running
