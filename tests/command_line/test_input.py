"""What is given to a run is held to the workflow's `input`."""

from __future__ import annotations

from pathlib import Path

from .conftest import Steploom

GREETING = """\
id: greeting
input: {type: object, properties: {name: {type: string}, age: {minimum: 0}}, required: [name]}
nodes: [{id: greet, type: transform, parameters: {output: "Hello {% $trigger.body.name %}"}}]
"""


def test_a_run_with_an_input_that_does_not_fit_is_refused_with_every_place(
    steploom: Steploom, tmp_path: Path
) -> None:
    file = tmp_path / "greeting.yaml"
    file.write_text(GREETING)
    refused = steploom("run", file, "--input", '{"age": -1}')
    assert refused.exit_code == 2
    assert "'name' is a required property" in refused.stderr
    assert "/age: -1 is less than the minimum of 0" in refused.stderr
    assert '"Hello Ada"' in steploom("run", file, "--input", '{"name": "Ada"}').stdout
