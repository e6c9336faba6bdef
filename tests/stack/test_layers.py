"""The layer is built from the lock file alone, and its bytes depend on nothing else."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from layers.build import LayerError, build_layer

WHEEL = "tiny-1.0-py3-none-any.whl"


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file of one library, which is found in a folder instead of an index."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / WHEEL, "w") as wheel:
        wheel.writestr("tiny/__init__.py", "answer = 42\n")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny-1.0.dist-info/entry_points.txt", "[console_scripts]\ntiny = tiny:main\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    digest = hashlib.sha256((wheels / WHEEL).read_bytes()).hexdigest()
    lock = tmp_path / "layer.txt"
    lock.write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    return lock


@pytest.mark.slow
def test_a_layer_holds_the_libraries_and_nothing_of_this_machine(lock_file: Path, tmp_path: Path) -> None:
    first = tree(build_layer(lock_file, tmp_path / "first"))
    assert first == tree(build_layer(lock_file, tmp_path / "second"))
    assert "python/tiny/__init__.py" in first
    assert "python/tiny-1.0.dist-info/METADATA" in first
    assert not any("__pycache__" in name or "/bin/" in name or name.endswith("RECORD") for name in first)


@pytest.mark.slow
def test_a_library_whose_hash_differs_is_refused(lock_file: Path, tmp_path: Path) -> None:
    lock_file.write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(LayerError, match=r"(?s)layer\.txt cannot be built.*HASHES"):
        build_layer(lock_file, tmp_path / "layers")
    assert list((tmp_path / "layers").iterdir()) == []


def test_a_layer_is_built_once_per_content_of_its_lock_file(tmp_path: Path) -> None:
    lock = tmp_path / "layer.txt"
    built: list[str] = []

    def install(lock_file: Path, folder: Path) -> None:
        built.append(lock_file.read_text())
        (folder / "library.py").write_text(built[-1])

    lock.write_text("one")
    first = build_layer(lock, tmp_path / "layers", install)
    assert build_layer(lock, tmp_path / "layers", install) == first
    lock.write_text("two")
    assert build_layer(lock, tmp_path / "layers", install) != first
    assert built == ["one", "two"]
