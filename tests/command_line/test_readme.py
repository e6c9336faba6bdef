"""What the README shows is what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from steploom.__main__ import main
from translator import nodes

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    """The definition that the README tells to write."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    file = tmp_path / "hello.yaml"
    file.write_text(text)
    return file


def test_the_definition_in_the_readme_passes_its_own_tests(hello: Path) -> None:
    result = CliRunner().invoke(main, ["test", str(hello)])
    assert "2 passed, 0 failed" in result.stderr


def test_the_definition_in_the_readme_runs(hello: Path) -> None:
    result = CliRunner().invoke(main, ["run", str(hello), "--input", '{"name": "Ada"}'])
    assert json.loads(result.stdout) == {"said": "Hello, Ada!"}


def test_the_readme_names_every_node_type() -> None:
    (sentence,) = re.findall(r"^Node types: (.*?)\.$", README, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", sentence)) == list(nodes.names())


def test_the_picture_in_the_readme_is_what_draw_gives() -> None:
    """Drawn anew by: steploom draw workflows/order-fulfilment.yaml --of both -o docs/order-fulfilment.svg."""
    arguments = ["draw", str(ROOT / "workflows/order-fulfilment.yaml"), "--of", "both", "--format", "svg"]
    assert CliRunner().invoke(main, arguments).stdout == (ROOT / "docs/order-fulfilment.svg").read_text()
