"""Every example's machine before the outside judges: asl-validator and cfn-lint."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from translator.compiler import compile_text

ROOT = Path(__file__).parents[2]
EVERY = sorted((ROOT / "workflows").glob("*.yaml"))


def machine_of(file: Path) -> dict[str, Any]:
    return compile_text(file.read_text(), file_name=str(file)).machine


def state_machine(machine: dict[str, Any]) -> dict[str, Any]:
    names = re.findall(r"\$\{(\w+)\}", json.dumps(machine))
    arns = {name: f"arn:aws:lambda:eu-central-1:000000000000:function:{name}" for name in names}
    properties = {"RoleArn": "arn:aws:iam::000000000000:role/steploom", "Definition": machine}
    if arns:
        properties["DefinitionSubstitutions"] = arns
    return {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}


def findings_of_cfn_lint(machines: dict[str, dict[str, Any]], folder: Path) -> list[str]:
    template = folder / "template.json"
    resources = {name: state_machine(machine) for name, machine in machines.items()}
    template.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}))
    script = "import sys; from cfnlint.runner import main; sys.exit(main())"
    options = ["--format", "json", "--ignore-checks", "W", "--", str(template)]
    command = [sys.executable, "-c", script, *options]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    return [f"{found['Rule']['Id']} {found['Message']}" for found in json.loads(finished.stdout)]


@pytest.mark.validators
@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.stem)
def test_asl_validator_accepts_every_example(file: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "machine.json"
    compiled.write_text(json.dumps(machine_of(file)))
    command = [str(ROOT / "infra/node_modules/.bin/asl-validator"), "--json-path", str(compiled)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.slow
def test_cfn_lint_accepts_every_example(tmp_path: Path) -> None:
    machines = {file.stem.title().replace("-", ""): machine_of(file) for file in EVERY}
    assert len(machines) >= 5
    assert findings_of_cfn_lint(machines, tmp_path) == []


@pytest.mark.slow
def test_cfn_lint_is_a_judge(tmp_path: Path) -> None:
    """It finds a fault that is planted into a machine of ours."""
    machine = machine_of(EVERY[0])
    next(state for state in machine["States"].values() if state["Type"] == "Wait")["Type"] = "Pause"
    assert findings_of_cfn_lint({"Faulty": machine}, tmp_path) != []
