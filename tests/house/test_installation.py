"""Setting up: the right Python is found, and nothing is installed twice."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def install(root: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location("install", root / "requirements" / "install.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def find_python(root: Path, folder: Path, search_path: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": str(search_path)}
    command = ["/bin/bash", str(root / "requirements" / "find-python")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def executable(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_without_a_python_the_message_says_what_to_install(root: Path, tmp_path: Path) -> None:
    found = find_python(root, tmp_path, tmp_path)
    assert "needs Python 3.11 or later" in found.stderr
    assert subprocess.run(found.stdout.split(), check=False).returncode != 0


def test_a_python_that_does_not_work_is_passed_over(root: Path, tmp_path: Path) -> None:
    executable(tmp_path / "python3.13", "#!/bin/bash\nexit 127\n")
    executable(tmp_path / "python3", '#!/bin/bash\necho "$0"\n')
    assert find_python(root, tmp_path, tmp_path).stdout.strip() == str(tmp_path / "python3")


def test_a_damaged_stamp_counts_as_nothing_installed(install: ModuleType, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp.json"
    assert install.read_stamp(stamp) == {}
    stamp.write_text("{half")
    assert install.read_stamp(stamp) == {}
    install.write_stamp(stamp, {"local": "abc"})
    assert install.read_stamp(stamp) == {"local": "abc"}


def test_what_the_project_is_installed_from_changes_with_its_packages(
    install: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]")
    before = install.project_fingerprint(tmp_path)
    (tmp_path / "steploom").mkdir()
    assert install.project_fingerprint(tmp_path) != before


def test_a_failed_command_is_shown_with_what_it_printed(install: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(install.InstallationError, match=r"(?s)reason.*Trying failed"):
        install.run(["bash", "-c", "echo reason; exit 3"], tmp_path, purpose="Trying")
