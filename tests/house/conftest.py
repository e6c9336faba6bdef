"""The project's own files, as version control sees them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> tuple[Path, ...]:
    """Every file that is tracked or could be (not ignored), relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = sorted({name for name in listed.stdout.split("\0") if name})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


@pytest.fixture(scope="session")
def modules(project_files: tuple[Path, ...]) -> tuple[Path, ...]:
    """The Python files among them."""
    return tuple(file for file in project_files if file.suffix == ".py")
