"""Resolves every lock file anew; no address of an index or a download may end up in one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_UNIVERSAL = ("--universal", "--python-version", "3.11")
_LAMBDA = (
    "--python-platform",
    "aarch64-manylinux_2_28",
    "--python-version",
    "3.13",
    "--only-binary",
    ":all:",
)


def compile_lock(uv: str, extra: str, lock: str, *options: str, project: bool = True) -> None:
    """Writes requirements/<lock>.txt for one extra of pyproject.toml; with `project`, its own needs too."""
    source = "pyproject.toml" if project else "-"
    command = [uv, "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate", *options]
    command += [source, "--output-file", f"requirements/{lock}.txt"]
    if project:
        command += ["--extra", extra]
    text = None if project else "\n".join(_extra(extra))
    subprocess.run(command, cwd=ROOT, input=text, text=True, check=True)  # noqa: S603 - our own command line


def _extra(name: str) -> Sequence[str]:
    import tomllib  # noqa: PLC0415 - only when locking

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [str(line) for line in project["optional-dependencies"][name]]


def lock_node_tools(npm: str) -> None:
    """Writes infra/package-lock.json without download addresses (infra/.npmrc) and sponsors' pages."""
    folder = ROOT / "infra"
    subprocess.run([npm, "install", "--package-lock-only", "--loglevel=error"], cwd=folder, check=True)  # noqa: S603
    lock_file = folder / "package-lock.json"
    lock = json.loads(lock_file.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    lock_file.write_text(json.dumps(lock, indent=2) + "\n")


def main() -> int:
    """Locks Python's libraries, then Node's tools; says what is missing if it cannot."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv" / "bin"))
    npm = shutil.which("npm")
    if uv is None or npm is None:
        missing = "npm (comes with Node)" if uv else "uv (.venv/bin/pip install uv)"
        sys.stderr.write(f"Locking needs {missing}.\n")
        return 1
    development = ("--constraint", "requirements/development.txt")
    compile_lock(uv, "development", "development", *_UNIVERSAL)
    compile_lock(uv, "setup", "local", *_UNIVERSAL, *development)
    compile_lock(uv, "layer", "layer", *_LAMBDA, *development, project=False)
    layer = (*development, "--constraint", "requirements/layer.txt")
    compile_lock(uv, "compiler", "compiler", *_LAMBDA, *layer, project=False)
    lock_node_tools(npm)
    return 0


if __name__ == "__main__":
    sys.exit(main())
