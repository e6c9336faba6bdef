"""The folder that a function is imported from: links to the packages that its asset ships, nothing else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.errors import MissingPackageError
from infra.topology import Function

_USER_PREFIX: Final = "workflows/"


@dataclass(frozen=True, slots=True)
class Asset:
    """What a function is imported from: `watched` are the user's own folders in it, `shipped` the others."""

    folder: Path
    watched: tuple[Path, ...]
    shipped: tuple[Path, ...]


def lay_out(function: Function, target: Path, code_folder: Path, workflows_folder: Path) -> Asset:
    """Make `target` anew with the function's packages.

    Packages that begin with `workflows/` come from the user's own folder and may come later; any other
    missing package raises MissingPackageError.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    watched: list[Path] = []
    shipped: list[Path] = []
    for package in function.packages:
        own = package.startswith(_USER_PREFIX)
        source = _source(package, code_folder, workflows_folder)
        (watched if own else shipped).append(source)
        if not own and not source.exists():
            raise MissingPackageError(function.name, package, code_folder)
        _link(target, package, source)
    return Asset(target, tuple(watched), tuple(shipped))


def _source(package: str, code_folder: Path, workflows_folder: Path) -> Path:
    if package.startswith(_USER_PREFIX):
        return (workflows_folder / package.removeprefix(_USER_PREFIX)).resolve()
    return (code_folder / package).resolve()


def _link(target: Path, package: str, source: Path) -> None:
    place = target / package
    for parent in place.relative_to(target).parents:
        if parent != Path():
            (target / parent).mkdir(exist_ok=True, parents=True)
            # A regular package: an installed one of the same name would win over a namespace package.
            (target / parent / "__init__.py").touch()
    place.symlink_to(source)
