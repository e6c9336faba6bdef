"""Skips what needs Node where Node's tools are not installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

_TOOLS = Path(__file__).parent.parent / "infra" / "node_modules" / ".bin"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("node") and (_TOOLS / "cdk").exists() and (_TOOLS / "asl-validator").exists():
        return
    if os.environ.get("STEPLOOM_REQUIRE_NODE"):
        raise pytest.UsageError(
            "Node's tools are missing: make test installs them where Node 18 or later is there"
        )
    skip = pytest.mark.skip(reason="needs Node 18 or later, then: make test")
    for item in items:
        if item.get_closest_marker("validators"):
            item.add_marker(skip)
