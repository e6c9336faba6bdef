"""Copies what a function ships into a folder of its own, the same bytes each time."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_ROOM_OF_LAYER: Final = "layers/"


class AssetError(Exception):
    """The topology names a package that the project does not have."""


def of_function(packages: Iterable[str]) -> tuple[str, ...]:
    """The packages in the function's own asset."""
    return tuple(package for package in packages if not package.startswith(_ROOM_OF_LAYER))


def of_layer(packages: Iterable[str]) -> tuple[str, ...]:
    """The packages that all functions share, which ship once, in the runtime layer."""
    return tuple(package for package in packages if package.startswith(_ROOM_OF_LAYER))


def stage(root: Path, packages: Iterable[str], folder: Path) -> Path:
    """Makes `folder` hold exactly the packages and the `__init__.py` files above them.

    Raises AssetError for a package that is not there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for package in sorted(set(packages)):
        source = root / package
        if not source.exists():
            raise AssetError(f"the topology ships {package!r}, which is not in the project")
        for file in _files(source):
            _copy(root, file, folder)
        for parent in source.relative_to(root).parents:
            if (root / parent / "__init__.py").is_file():
                _copy(root, root / parent / "__init__.py", folder)
    return folder


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return sorted(
        path
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )


def _copy(root: Path, file: Path, folder: Path) -> None:
    target = folder / file.relative_to(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(file.read_bytes())
