"""Installs what a make target needs into .venv and infra/node_modules, and nothing that is already there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_VERSION = 18
TOP_LEVEL_PACKAGES = ("functions", "infra", "layers", "steploom", "translator")
_QUIET = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_USER": "0",
    "PIP_ROOT_USER_ACTION": "ignore",
}


class InstallationError(Exception):
    """What the person at the keyboard can do something about."""


def fingerprint(*parts: str | Path) -> str:
    """A digest of texts and of the contents of files."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def read_stamp(path: Path) -> dict[str, str]:
    """What is installed: name of the part -> fingerprint of what it was installed from; empty if unknown."""
    try:
        stamp = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in stamp.items()} if isinstance(stamp, dict) else {}


def write_stamp(path: Path, stamp: Mapping[str, str]) -> None:
    """Replaces the stamp in one move, so that an interrupted installation never looks complete."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(dict(stamp), indent=1, sort_keys=True))
    temporary.replace(path)


def run(command: Sequence[str | Path], folder: Path, *, purpose: str) -> None:
    """Runs a command silently; its output is shown only if it fails."""
    environment = {**os.environ, **_QUIET}
    finished = subprocess.run(  # noqa: S603 - our own command lines
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise InstallationError(f"{finished.stdout.rstrip()}\n{purpose} failed (see above).")


def say(message: str) -> None:
    """One line for the person who waits."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def environment_python(root: Path) -> Path:
    """The interpreter of the project's virtual environment."""
    return root / ".venv" / "bin" / "python"


def environment_identity(root: Path) -> str:
    """What makes an environment useless when it changes: the folder, and which Python it was made with."""
    configuration = root / ".venv" / "pyvenv.cfg"
    return fingerprint(str(root), configuration) if configuration.is_file() else ""


def make_environment(root: Path) -> None:
    """Makes .venv anew with the running Python; what was there is removed."""
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    folder = root / ".venv"
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.EnvBuilder(with_pip=True, symlinks=True, clear=True).create(folder)
    except subprocess.CalledProcessError as error:
        raise InstallationError(
            f"{error}\nPython's venv module cannot make .venv; on Debian: apt install python3-venv"
        ) from error


def project_fingerprint(root: Path) -> str:
    """Changes when the installed project itself (its entry points, its packages) would be another."""
    present = [name for name in TOP_LEVEL_PACKAGES if (root / name).is_dir()]
    return fingerprint(root / "pyproject.toml", *present)


def install_libraries(root: Path, lock: str) -> None:
    """Brings .venv to the state of requirements/<lock>.txt and installs the project itself in place.

    `development` contains all of `local`, so after it `local` is installed, too.
    """
    stamp_file = root / ".venv" / "steploom-installed.json"
    stamp = read_stamp(stamp_file)
    if not stamp or stamp.get("environment") != environment_identity(root):
        make_environment(root)
        stamp = {"environment": environment_identity(root)}
    pip = (environment_python(root), "-m", "pip", "install", "--quiet")
    locks = ("local", "development") if lock == "development" else (lock,)
    wanted = {name: fingerprint(root / "requirements" / f"{name}.txt") for name in locks}
    if any(stamp.get(name) != value for name, value in wanted.items()):
        say(f"Installing the libraries of requirements/{lock}.txt into .venv (once) ...")
        lock_file = root / "requirements" / f"{lock}.txt"
        run(
            (*pip, "--require-hashes", "--no-deps", "-r", lock_file), root, purpose="Installing the libraries"
        )
        stamp |= wanted
        write_stamp(stamp_file, stamp)
    project = project_fingerprint(root)
    if stamp.get("project") != project:
        in_place = (*pip, "--no-deps", "--no-build-isolation", "--editable", ".")
        run(in_place, root, purpose="Installing Steploom in place")
        write_stamp(stamp_file, {**stamp, "project": project})


def node_problem() -> str | None:
    """Why Node's tools cannot be used on this machine, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return "Node is not installed"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = version.stdout.strip().removeprefix("v").split(".")[0]
    if not major.isdigit() or int(major) < NODE_VERSION:
        return f"Node {NODE_VERSION} or later is needed, this is {version.stdout.strip() or 'not working'}"
    return None


def install_node_tools(root: Path) -> None:
    """Brings infra/node_modules to the state of its lock file; raises InstallationError if that cannot be."""
    problem = node_problem()
    if problem:
        raise InstallationError(problem)
    folder = root / "infra"
    stamp_file = folder / "node_modules" / ".steploom-installed.json"
    wanted = {"lock": fingerprint(folder / "package-lock.json", folder / "package.json")}
    if read_stamp(stamp_file) == wanted:
        return
    say("Installing Node's tools into infra/node_modules (once) ...")
    npm = shutil.which("npm") or "npm"
    run((npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"), folder, purpose="npm ci")
    write_stamp(stamp_file, wanted)


def main(arguments: Sequence[str]) -> int:
    """`local` or `development`, then optionally `node` (skipped with a line) or `node-required`."""
    started = time.monotonic()
    try:
        for argument in arguments:
            if argument in {"local", "development"}:
                install_libraries(ROOT, argument)
            elif argument == "node-required":
                install_node_tools(ROOT)
            elif argument == "node":
                _install_node_tools_if_possible()
    except InstallationError as error:
        say(str(error))
        return 1
    if time.monotonic() - started > 5:
        say(f"Ready after {time.monotonic() - started:.0f} s.")
    return 0


def _install_node_tools_if_possible() -> None:
    try:
        install_node_tools(ROOT)
    except InstallationError as error:
        say(f"Skipping the tests that need the CDK and the ASL validator: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
