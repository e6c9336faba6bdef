"""Up to when each schedule has fired, on disk: what a restart goes on from."""

from __future__ import annotations

import json
from pathlib import Path

from infra.local.files import write_whole


class Positions:
    """Epoch seconds by a schedule's ARN, with the version they belong to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._known: dict[str, tuple[str, float]] = {}
        if path.exists():
            record = json.loads(path.read_bytes())
            self._known = {arn: (str(version), float(at)) for arn, (version, at) in record.items()}

    def of(self, arn: str, version: str) -> float | None:
        """When it has last fired or been looked at; None for another version."""
        known = self._known.get(arn)
        return known[1] if known is not None and known[0] == version else None

    def put(self, arn: str, version: str, at: float) -> None:
        """Remember a time; returns when it is on disk."""
        self._known[arn] = (version, at)
        self._write()

    def keep_only(self, arns: frozenset[str]) -> None:
        """Forget schedules that are gone."""
        gone = self._known.keys() - arns
        for arn in gone:
            del self._known[arn]
        if gone:
            self._write()

    def _write(self) -> None:
        write_whole(self._path, json.dumps(self._known).encode(), against_power_loss=False)
