"""Which platform a command talks to, and who it is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    import requests

_DEFAULT_URL: Final = "http://127.0.0.1:8787"
_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Connection:
    """A platform's REST API; what it refuses becomes click's error with its own words."""

    url: str
    token: str

    def get(self, path: str, **query: Any) -> Any:
        """The JSON that a route answers; None values are left out of the query."""
        import requests  # noqa: PLC0415 - a tenth of a second that no other command should wait for

        given = {name: value for name, value in query.items() if value is not None}
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = requests.get(self.url + path, params=given, headers=headers, timeout=_SECONDS)
        except requests.ConnectionError as error:
            raise click.ClickException(
                f"nothing answers at {self.url}: start the local cloud with `steploom up`, or say where the "
                "platform is with --url or STEPLOOM_URL"
            ) from error
        except requests.RequestException as error:
            raise click.ClickException(f"{self.url}{path}: {error}") from error
        if not answer.ok:
            raise click.ClickException(_refusal(answer))
        return answer.json()


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that say where the platform is; the command is given its `connection`."""

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
    def with_connection(url: str | None, token: str | None, data: Path, **given: Any) -> None:
        command(_connection(url, token, data), **given)

    return with_connection


def _connection(url: str | None, token: str | None, folder: Path) -> Connection:
    if token is None:
        path = folder / "development-token"
        if not path.exists():
            raise click.ClickException(
                f'no token: "{folder}" is no data folder of a local cloud; give --data, or --url and --token'
            )
        token = path.read_text().strip()
    return Connection((url or _known_url(folder)).rstrip("/"), token)


def _known_url(folder: Path) -> str:
    try:
        return str(json.loads((folder / "address.json").read_text())["front"])
    except (OSError, ValueError, KeyError):
        return _DEFAULT_URL


def _refusal(answer: requests.Response) -> str:
    try:
        problem: Mapping[str, Any] = answer.json()
        return f"{problem['detail']} ({problem['code']})\n{problem['hint']}".strip()
    except (ValueError, KeyError):
        return f"{answer.url} answered {answer.status_code}: {answer.text[:500]}"
