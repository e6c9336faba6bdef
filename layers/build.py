"""Builds the layers that ship beside the functions, from pinned wheels and without Docker."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

PYTHON_VERSION: Final = "3.13"
PLATFORMS: Final = ("manylinux_2_28_aarch64", "manylinux2014_aarch64")
"""Amazon Linux 2023, under the Python 3.13 runtime, has glibc 2.34 and so takes both."""
_RECIPE: Final = "2"
"""Raised when the same lock file is to give another layer."""
# Written by pip at installation: they name this machine's Python, or the order in which files came.
_NOT_SHIPPED: Final = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")

Installer = Callable[[Path, Path], None]


class LayerError(Exception):
    """The layer's libraries could not be fetched or do not match their hashes."""


def install_wheels(lock_file: Path, folder: Path) -> None:
    """Installs a lock file's wheels for the Lambda platform into a folder, whatever this machine is.

    Raises LayerError with pip's own words.
    """
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--no-compile", "--only-binary=:all:", *platforms]
    command += ["--implementation", "cp", "--python-version", PYTHON_VERSION]
    command += ["--target", str(folder), "-r", str(lock_file)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if finished.returncode:
        raise LayerError(f"the layer of {lock_file.name} cannot be built:\n{finished.stderr.strip()}")


def remove_what_differs(folder: Path) -> None:
    """Leaves only what is the same wherever the layer is built, so that its hash is stable."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and path.name == "__pycache__":
            shutil.rmtree(path)
        elif path.parent.suffix == ".dist-info" and path.name in _NOT_SHIPPED:
            path.unlink()


def build_layer(lock_file: Path, layers: Path, install: Installer = install_wheels) -> Path:
    """The folder of a layer (with `python/` inside) for a lock file; built once per content of the lock."""
    recipe = "\n".join((_RECIPE, PYTHON_VERSION, *PLATFORMS)).encode()
    digest = hashlib.sha256(recipe + lock_file.read_bytes()).hexdigest()
    finished = layers / f"{lock_file.stem}-{digest[:16]}"
    if finished.is_dir():
        return finished
    layers.mkdir(parents=True, exist_ok=True)
    # In one move at the end: a half-built layer is never taken for a finished one.
    with tempfile.TemporaryDirectory(dir=layers, prefix="unfinished-") as temporary:
        building = Path(temporary) / lock_file.stem
        (building / "python").mkdir(parents=True)
        install(lock_file, building / "python")
        remove_what_differs(building / "python")
        building.rename(finished)
    return finished


def build_layers(root: Path, names: Sequence[str]) -> dict[str, Path]:
    """The layers of requirements/<name>.txt, by name."""
    layers = root / "build" / "layers"
    return {name: build_layer(root / "requirements" / f"{name}.txt", layers) for name in names}
