"""Which platform a command talks to, and who it is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from steploom.platform.client import ApiClient

_DEFAULT_URL: Final = "http://127.0.0.1:8787"


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that say where the platform is; the command is given its `client`."""

    @click.option("--url", envvar="STEPLOOM_URL", help="Where the platform is, else STEPLOOM_URL.")
    @click.option("--token", envvar="STEPLOOM_TOKEN", help="Of a user there, else STEPLOOM_TOKEN.")
    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(".steploom"),
        show_default=True,
        help="The local cloud's folder, which knows both where neither is given.",
    )
    @wraps(command)
    def with_client(url: str | None, token: str | None, data: Path, **given: Any) -> None:
        command(_client(url, token, data), **given)

    return with_client


def _client(url: str | None, token: str | None, folder: Path) -> ApiClient:
    if token is None:
        path = folder / "development-token"
        if not path.exists():
            raise click.ClickException(
                f'no token: "{folder}" is no data folder of a local cloud; give --data, or --url and --token'
            )
        token = path.read_text().strip()
    return ApiClient((url or _known_url(folder)).rstrip("/"), token)


def _known_url(folder: Path) -> str:
    try:
        return str(json.loads((folder / "address.json").read_text())["front"])
    except (OSError, ValueError, KeyError):
        return _DEFAULT_URL
