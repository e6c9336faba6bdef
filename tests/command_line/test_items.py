"""What `steploom run` tells of iterations: which item each is for, also in executions of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from steploom.__main__ import main

EVERY = """\
id: every
nodes:
  - {id: every, type: for_each, parameters: {items: "{% $trigger.body %}", mode: MODE, output: "{% $name %}"}}
  - {id: name, parent: every, type: transform, parameters: {output: "{% $item.id & $index %}"}}
"""


@pytest.mark.parametrize("mode", ["inline", "distributed"])
def test_each_iteration_is_told_with_its_item(tmp_path: Path, mode: str) -> None:
    file = tmp_path / "every.yaml"
    file.write_text(EVERY.replace("MODE", mode))
    given = json.dumps([{"id": "a"}, {"id": "b"}])
    result = CliRunner().invoke(main, ["run", str(file), "-i", given])
    assert result.exit_code == 0, result.output
    lines = [line.rstrip() for line in result.output.splitlines() if "✓ name" in line]
    assert sorted(line.split("ms", 1)[1].strip() for line in lines) == ["#0 a", "#1 b"]
