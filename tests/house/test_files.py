"""What may not stand in any file of the project: addresses in lock files, paths of one machine, secrets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOCK_FILES = (
    "requirements/compiler.txt",
    "requirements/development.txt",
    "requirements/layer.txt",
    "requirements/local.txt",
    "infra/package-lock.json",
)
ADDRESS = re.compile(r"[a-z+]+://|--(?:extra-)?index-url|--find-links|\"resolved\"")
# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:ho[m]e/[a-z]|roo[t]/|Use[r]s/[a-z]|wor[k]/|tm[p]/[a-z]|op[t]/pypi)")


@pytest.mark.parametrize("lock_file", LOCK_FILES)
def test_a_lock_file_names_no_address(lock_file: str, root: Path) -> None:
    assert ADDRESS.findall((root / lock_file).read_text()) == []


def test_every_python_lock_carries_hashes(root: Path) -> None:
    for lock_file in LOCK_FILES[:-1]:
        requirements = re.split(r"\n(?=[a-zA-Z])", (root / lock_file).read_text().strip())
        assert [text.partition(" ")[0] for text in requirements if "--hash=sha256:" not in text] == []


def test_the_demo_installs_the_versions_that_the_tests_run_with(root: Path) -> None:
    def pins(name: str) -> set[str]:
        return set(
            re.findall(
                r"^[a-zA-Z][^ ]*==[^ ]+", (root / f"requirements/{name}.txt").read_text(), re.MULTILINE
            )
        )

    assert pins("local") <= pins("development")
    assert {pin.lower() for pin in pins("layer") | pins("compiler")} <= {
        pin.lower() for pin in pins("development")
    }


def test_no_file_names_a_path_of_one_machine(project_files: tuple[Path, ...], root: Path) -> None:
    found = {}
    for file in project_files:
        try:
            text = (root / file).read_text()
        except UnicodeDecodeError:
            continue
        if match := MACHINE_PATH.search(text):
            found[str(file)] = text[match.start() : match.start() + 40]
    assert found == {}


def test_the_command_line_of_the_cdk_is_pinned_to_a_release_that_was_meant_to_be_one(root: Path) -> None:
    # aws-cdk 3.0.0 was published by accident and is what a range or `latest` would give.
    assert '"aws-cdk": "2.1148.1"' in (root / "infra/package.json").read_text()
