"""What a function ships is enough to import it, and the same each time."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.stacks.assets import AssetError, of_function, of_layer, stage
from infra.topology import Function, topology

ROOT = Path(__file__).parent.parent.parent
# AWS, Lambda runtimes: what the managed Python runtime brings along.
BROUGHT_BY_LAMBDA = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")
# `-S` leaves out site-packages, where the editable installation would find what was not shipped.
IMPORT_EVERYTHING = """
import importlib, pathlib, sys
sys.path[:0] = sys.argv[2:]
handler = importlib.import_module(sys.argv[1])
assert callable(handler.handler)
asset = pathlib.Path(sys.argv[2])
for file in sorted(asset.rglob("*.py")):
    parts = file.relative_to(asset).with_suffix("").parts
    importlib.import_module(".".join(part for part in parts if part != "__init__"))
"""


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def locked(lock: str) -> list[str]:
    return re.findall(r"^([a-zA-Z][\w.-]*)==", (ROOT / f"requirements/{lock}.txt").read_text(), re.MULTILINE)


def link_libraries(distributions: list[str], folder: Path) -> Path:
    """A folder that holds the named installed libraries and no others."""
    folder.mkdir()
    for name in distributions:
        distribution = importlib.metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(distribution.locate_file(top))))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("function", topology().functions, ids=lambda function: function.name)
def test_a_function_imports_from_what_is_shipped_with_it(function: Function, tmp_path: Path) -> None:
    asset = stage(ROOT, of_function(function.packages), tmp_path / "asset")
    layer = stage(ROOT, of_layer(function.packages), tmp_path / "layer")
    locks = ("layer", "compiler") if function.libraries == "compiler" else ("layer",)
    distributions = [*BROUGHT_BY_LAMBDA, *(name for lock in locks for name in locked(lock))]
    libraries = link_libraries(distributions, tmp_path / "libraries")
    environment = {
        **os.environ,
        **dict.fromkeys(function.environment, "main"),
        "AWS_DEFAULT_REGION": "eu-south-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    command = [sys.executable, "-I", "-S", "-c", IMPORT_EVERYTHING, function.handler.removesuffix(".handler")]
    finished = subprocess.run(
        [*command, str(asset), str(layer), str(libraries)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


def test_staging_twice_gives_the_same_bytes_and_forgets_what_is_gone(tmp_path: Path) -> None:
    packages = ("translator/nodes", "translator/node_type.py")
    first = tree(stage(ROOT, packages, tmp_path / "asset"))
    (tmp_path / "asset" / "left_over.py").write_text("")
    assert tree(stage(ROOT, reversed(packages), tmp_path / "asset")) == first
    assert "translator/__init__.py" in first
    assert "translator/nodes/__init__.py" in first
    assert not any("__pycache__" in name for name in first)
    assert not any(name.startswith("translator/definition") for name in first)


def test_a_package_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="'functions/unheard_of'"):
        stage(ROOT, ("functions/unheard_of",), tmp_path / "asset")
