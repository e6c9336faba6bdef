"""What a local cloud is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from infra.local.schedules.firing import Missed
from infra.topology import Topology, topology

DEFAULT_FRONT_PORT: Final = 8787
DEFAULT_AWS_PORT: Final = 4566
_CODE_FOLDER: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Where a local cloud keeps its data, where it listens and what it serves.

    A port of 0 takes a free one. Without a development token one is made and kept in the data folder.
    """

    data_folder: Path = Path(".steploom")
    front_port: int = DEFAULT_FRONT_PORT
    aws_port: int = DEFAULT_AWS_PORT
    project: str = "main"
    development_token: str | None = None
    deployment: Topology | None = None
    """What to serve; by default what `infra.topology.topology(project)` says."""
    code_folder: Path = _CODE_FOLDER
    """The folder that the functions' packages are taken from."""
    workflows_folder: Path = field(default_factory=lambda: Path("workflows"))
    """The user's own folder: packages that begin with `workflows/` are taken from here."""
    concurrency: int = 10
    """How many invocations of one function may be under way; more wait their turn."""
    account_concurrency: int | None = None
    """How many invocations may be under way or wait before more are refused (AWS: 1,000); None for any."""
    warm: bool = True
    """Whether each function has a process ready before its first invocation."""
    snapshot_seconds: float = 30.0
    """How often the emulated services' data is written whole; between two, each change is logged."""
    retry_delays: tuple[float, ...] = (1.0, 2.0)
    """Seconds before each further try of an asynchronous invocation that failed (AWS: 60 and 120)."""

    missed_schedules: Missed = "once"
    """What becomes of a schedule's times that passed while nothing was up (on AWS something always is)."""

    def topology(self) -> Topology:
        """The deployment to serve."""
        return self.deployment or topology(self.project)
