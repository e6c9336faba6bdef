"""Every printed form of every example workflow, byte for byte as it was when somebody last looked at it.

`make golden` rewrites the files; read the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from steploom.commands.compile import FORMS
from translator.compiler import compile_text

HERE = Path(__file__).parent
WORKFLOWS = sorted((HERE.parent.parent / "workflows").glob("*.yaml"))
REWRITE = os.environ.get("STEPLOOM_GOLDEN") == "rewrite"


def golden_file(workflow: Path, form: str) -> Path:
    return HERE / workflow.stem / FORMS[form][0].removeprefix(".")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_compiles_to_what_it_compiled_to(workflow: Path, form: str) -> None:
    text = FORMS[form][1](compile_text(workflow.read_text(), file_name=workflow.name)).rstrip("\n") + "\n"
    golden = golden_file(workflow, form)
    if REWRITE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert golden.exists(), "no golden file yet: make golden"
    assert text.splitlines() == golden.read_text().splitlines(), (
        "another output: look at it, then make golden"
    )
    assert text == golden.read_text()


def test_every_golden_file_belongs_to_a_workflow() -> None:
    wanted = {golden_file(workflow, form) for workflow in WORKFLOWS for form in FORMS}
    left_over = {file for file in HERE.glob("*/*") if "__pycache__" not in file.parts} - wanted
    if REWRITE:
        for file in left_over:
            file.unlink()
        return
    assert left_over == set()
