"""Every construct's machine before the outside judges, all of them in one process each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from tests.command_line.test_validators import findings_of_cfn_lint

MACHINES: Final = sorted((Path(__file__).parent / "constructs").glob("*.asl.json"))
VALIDATOR: Final = Path(__file__).parents[2] / "infra/node_modules/.bin/asl-validator"


def asl_validator(machines: Sequence[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    options = [word for machine in machines for word in ("--json-path", str(judged(machine, folder)))]
    return subprocess.run([str(VALIDATOR), *options], capture_output=True, text=True, check=False)


def judged(machine: Path, folder: Path) -> Path:
    """The machine as the validator knows the language: it wants a ResultWriter to write to a bucket.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html needs none for
    WriterConfig.
    """
    copied = folder / f"judged-{machine.name}"
    copied.write_text(json.dumps(without_bare_writers(json.loads(machine.read_text()))))
    return copied


def without_bare_writers(value: Any) -> Any:
    if isinstance(value, list):
        return [without_bare_writers(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: without_bare_writers(one)
        for key, one in value.items()
        if key != "ResultWriter" or "Resource" in one
    }


def template_name(machine: Path) -> str:
    return machine.name.removesuffix(".asl.json").title().replace("-", "")


@pytest.mark.validators
def test_asl_validator_accepts_every_construct(tmp_path: Path) -> None:
    finished = asl_validator(MACHINES, tmp_path)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout.count("is valid") == len(MACHINES) >= 25


@pytest.mark.validators
def test_asl_validator_finds_one_faulty_machine_among_many(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.json"
    faulty.write_text(MACHINES[0].read_text().replace('"Parallel"', '"Serial"', 1))
    assert asl_validator([faulty, MACHINES[1]], tmp_path).returncode != 0


@pytest.mark.slow
def test_cfn_lint_accepts_every_construct(tmp_path: Path) -> None:
    machines = {template_name(machine): json.loads(machine.read_text()) for machine in MACHINES}
    assert len(machines) == len(MACHINES) >= 25
    assert findings_of_cfn_lint(machines, tmp_path) == []
