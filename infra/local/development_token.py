"""The development token: given, or made once and kept in the data folder."""

from __future__ import annotations

import secrets
from pathlib import Path

from infra.local.files import write_whole


def development_token(folder: Path, given: str | None) -> str:
    """The token that stands for the developer on this machine; readable by the user alone."""
    path = folder / "development-token"
    if given is None and path.exists():
        return path.read_text().strip()
    token = given or secrets.token_urlsafe(24)
    path.touch(mode=0o600)
    write_whole(path, token.encode() + b"\n")
    path.chmod(0o600)
    return token
