"""Every emitted state machine is accepted by judges from outside: the ASL validator and cfn-lint."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from translator.compiler import CompileOptions, compile_text

ROOT = Path(__file__).parent.parent.parent
VALIDATOR = ROOT / "infra" / "node_modules" / ".bin" / "asl-validator"
FUNCTION = "arn:aws:lambda:eu-south-1:123456789012:function:main-steploom-node-task"
Level = Literal[0, 1, 2]
LEVELS: tuple[Level, ...] = (0, 1, 2)
WORKFLOWS = sorted((ROOT / "workflows").glob("*.yaml"))


def compiled(file: Path, level: Level) -> str:
    options = CompileOptions(optimize=level)
    text = compile_text(file.read_text(), file_name=file.name, options=options).sent_text
    return text.replace("${NodeTaskFunction}", FUNCTION)


def validate(machine: Path) -> subprocess.CompletedProcess[str]:
    command = [str(VALIDATOR), "--json-path", str(machine)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.validators
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_the_asl_validator_accepts_the_machine(workflow: Path, level: Level, tmp_path: Path) -> None:
    machine = tmp_path / "machine.json"
    machine.write_text(compiled(workflow, level))
    finished = validate(machine)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.slow
@pytest.mark.validators
def test_the_asl_validator_refuses_a_transition_to_nowhere(tmp_path: Path) -> None:
    machine = tmp_path / "machine.json"
    states = {"Begin": {"Type": "Pass", "Next": "Nowhere"}}
    machine.write_text(json.dumps({"QueryLanguage": "JSONata", "StartAt": "Begin", "States": states}))
    assert validate(machine).returncode != 0


@pytest.mark.slow
def test_cfn_lint_accepts_every_machine_in_a_template(tmp_path: Path) -> None:
    resources = {
        f"Machine{number}": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": "arn:aws:iam::123456789012:role/machine",
                "Definition": json.loads(compiled(workflow, level)),
            },
        }
        for number, (workflow, level) in enumerate((file, level) for file in WORKFLOWS for level in LEVELS)
    }
    template = tmp_path / "template.json"
    template.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}))
    program = Path(sys.executable).with_name("cfn-lint")
    command = [str(program), "--non-zero-exit-code", "error", "--format", "parseable", str(template)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout
