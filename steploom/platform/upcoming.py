"""What the schedules of a platform fire next."""

from __future__ import annotations

from steploom.platform.client import ApiClient

_MOST_WORKFLOWS = 50
_MOST_LINES = 5


def upcoming(client: ApiClient) -> list[str]:
    """A line for each of the next times, the nearest first; none where nothing is scheduled."""
    workflows = client.get("/api/workflows", limit=_MOST_WORKFLOWS)["items"]
    times: list[tuple[str, str]] = []
    for workflow in workflows:
        if workflow["status"] != "active":
            continue
        for trigger in client.get(f"/api/workflows/{workflow['id']}/triggers")["items"]:
            name = f"{workflow['id']}, trigger {trigger['id']}"
            times += [(time, name) for time in trigger.get("next_times", ())]
    return [f"  {time[:19]}Z  {name}" for time, name in sorted(times)[:_MOST_LINES]]
