"""Every printed form of every example workflow, byte for byte as it was when somebody last looked at it.

`make golden` rewrites the files; read the difference before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from steploom.phases import FORMS
from tests.golden.golden_file import REWRITE, remove_or_refuse, rewrite_or_compare
from translator.compiler import compile_text

HERE = Path(__file__).parent
NO_WORKFLOWS = ("__pycache__", "constructs", "pins", "readings", "splits")
WORKFLOWS = sorted((HERE.parent.parent / "workflows").glob("*.yaml"))


def golden_file(workflow: Path, form: str) -> Path:
    return HERE / workflow.stem / FORMS[form].suffix.removeprefix(".")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_compiles_to_what_it_compiled_to(workflow: Path, form: str) -> None:
    compilation = compile_text(workflow.read_text(), file_name=workflow.name)
    rewrite_or_compare(golden_file(workflow, form), FORMS[form].text(compilation))


def test_every_golden_file_belongs_to_a_workflow() -> None:
    wanted = {golden_file(workflow, form) for workflow in WORKFLOWS for form in FORMS}
    there = {file for file in HERE.glob("*/*") if file.parent.name not in NO_WORKFLOWS}
    remove_or_refuse(there - wanted)


def test_a_difference_is_found_and_no_file_is_written(tmp_path: Path) -> None:
    golden = tmp_path / "one.txt"
    golden.write_text("as it was\n")
    if REWRITE:
        pytest.skip("golden files are being rewritten")
    with pytest.raises(AssertionError, match="make golden"):
        rewrite_or_compare(golden, "another")
    with pytest.raises(AssertionError, match="make golden"):
        rewrite_or_compare(tmp_path / "none.txt", "new")
    assert [file.name for file in tmp_path.iterdir()] == ["one.txt"]
