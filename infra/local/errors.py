"""What can keep the local cloud from starting, each with a code and what to do about it."""

from __future__ import annotations

from pathlib import Path


class LocalCloudError(Exception):
    """A mistake of the user's that keeps the local cloud from starting.

    `code` is stable, `hint` says what to do.
    """

    code = "LC000"

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.code}: {self.message}\n  hint: {self.hint}"


class PortInUseError(LocalCloudError):
    """Another process listens on a port that the local cloud was told to use."""

    code = "LC001"

    def __init__(self, port: int, purpose: str) -> None:
        super().__init__(
            f"port {port} ({purpose}) is already in use",
            "stop the other process (is `steploom up` running in another terminal?), "
            "or choose another port; port 0 takes a free one",
        )
        self.port = port


class PortUnusableError(LocalCloudError):
    """The operating system refuses a port for another reason than that it is taken."""

    code = "LC002"

    def __init__(self, port: int, purpose: str, reason: str) -> None:
        super().__init__(
            f"port {port} ({purpose}) cannot be used: {reason}",
            "choose a port above 1023, or 0 for a free one",
        )
        self.port = port


class FolderInUseError(LocalCloudError):
    """Another local cloud works on the data folder."""

    code = "LC003"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f'another local cloud is using the data folder "{folder}"',
            "stop it, or start this one with another data folder",
        )
        self.folder = folder


class FolderUnusableError(LocalCloudError):
    """The data folder cannot be made, read or written."""

    code = "LC004"

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f'the data folder "{folder}" cannot be used: {reason}',
            "make the folder writable, name another one, or move it away to start with no data",
        )
        self.folder = folder


class AlreadyRunningError(LocalCloudError):
    """A second local cloud was started in one process."""

    code = "LC005"

    def __init__(self) -> None:
        super().__init__(
            "this process already runs a local cloud",
            "start the second one in a process of its own: the emulated services keep their data per process",
        )


class MissingPackageError(LocalCloudError):
    """A function names a package that is not in the project's folder."""

    code = "LC006"

    def __init__(self, function: str, package: str, folder: Path) -> None:
        super().__init__(
            f'function "{function}" ships "{package}", which is not in "{folder}"',
            "check the folder, or the function's packages in the topology",
        )


class ProjectNameError(LocalCloudError):
    """No name of AWS's and no key can begin with the project."""

    code = "LC007"

    def __init__(self, project: str) -> None:
        super().__init__(
            f'"{project}" is no name of a project',
            'write lower-case letters, digits and single hyphens, such as "main" or "team-a"',
        )
        self.project = project
