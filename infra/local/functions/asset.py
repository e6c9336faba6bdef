"""The folder that a function is imported from: links to the packages that its asset ships, nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from infra.local.errors import MissingPackageError
from infra.topology import Function

_USER_PREFIX = "workflows/"


def lay_out(function: Function, target: Path, code_folder: Path, workflows_folder: Path) -> Path:
    """Make `target` anew with the function's packages and return it.

    Packages that begin with `workflows/` come from the user's own folder and may be missing; any other
    missing package raises MissingPackageError.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for package in function.packages:
        source = _source(package, code_folder, workflows_folder)
        if source.exists():
            _link(target, package, source)
        elif not package.startswith(_USER_PREFIX):
            raise MissingPackageError(function.name, package, code_folder)
    return target


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
