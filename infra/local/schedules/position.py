"""Up to when each schedule has fired, on disk: what a restart goes on from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from infra.local.files import append_line, whole_lines, write_whole

_LINES_BESIDE: Final = 1000
"""Lines that the file may have beside those that count, before it is written anew."""


class Positions:
    """Epoch seconds by a schedule's ARN, with the version they belong to: of its lines the last counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.loads(line) for line in whole_lines(path)] if path.exists() else []
        self._known = {str(arn): (str(version), float(at)) for arn, version, at in lines}
        self._lines = len(lines)

    def of(self, arn: str, version: str) -> float | None:
        """When it has last fired or been looked at; None for another version."""
        known = self._known.get(arn)
        return known[1] if known is not None and known[0] == version else None

    def put(self, arn: str, version: str, at: float) -> None:
        """Remember a time; returns when it is on disk."""
        self._known[arn] = (version, at)
        if self._lines >= len(self._known) + _LINES_BESIDE:
            self._write()
            return
        append_line(self._path, _line(arn, version, at))
        self._lines += 1

    def keep_only(self, arns: frozenset[str]) -> None:
        """Forget schedules that are gone."""
        gone = self._known.keys() - arns
        for arn in gone:
            del self._known[arn]
        if gone:
            self._write()

    def _write(self) -> None:
        lines = [_line(arn, version, at) + b"\n" for arn, (version, at) in self._known.items()]
        write_whole(self._path, b"".join(lines), against_power_loss=False)
        self._lines = len(lines)


def _line(arn: str, version: str, at: float) -> bytes:
    return json.dumps([arn, version, at]).encode()
