"""The workflows of a platform, as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steploom.platform.client import ApiClient
from steploom.sync.folder import as_yaml


@dataclass(frozen=True, slots=True)
class RemoteWorkflow:
    """A workflow's draft on the platform."""

    id: str
    etag: str
    status: str
    text: str
    """The draft in YAML; one that was written as JSON is turned into YAML."""


def remote_workflows(client: ApiClient) -> dict[str, RemoteWorkflow]:
    """All workflows of the platform's project, by id."""
    found: dict[str, RemoteWorkflow] = {}
    cursor: str | None = None
    while True:
        page: Mapping[str, Any] = client.get("/api/export", cursor=cursor)
        for one in page["items"]:
            text = as_yaml(one["definition"]) if one["format"] == "json" else one["definition"]
            found[one["workflow"]] = RemoteWorkflow(one["workflow"], one["etag"], one["status"], text)
        cursor = page["cursor"]
        if cursor is None:
            return found


def store(client: ApiClient, workflow: str, text: str, etag: str | None) -> str:
    """Creates a workflow, or changes the revision that `etag` names; gives the new ETag.

    Raises click's error if the platform refuses, as for a revision that is there no more.
    """
    headers = {"Content-Type": "application/yaml"}
    if etag is None:
        return client.send("POST", "/api/workflows", text.encode(), headers).headers["ETag"]
    path = f"/api/workflows/{workflow}"
    return client.send("PUT", path, text.encode(), {**headers, "If-Match": etag}).headers["ETag"]
