"""The problems of workflows that limit how many runs are under way at once."""

from __future__ import annotations

from layers.runtime.admission.limit import ALL
from layers.runtime.errors import Problem, RequestError


def limit_reached(workflow: str, key: str, most: int) -> RequestError:
    """429: as many runs are under way as the workflow allows, and others are not to wait."""
    with_key = "" if key == ALL else f" with the key {key}"
    return RequestError(
        Problem(
            429,
            "limit_reached",
            "Limit reached",
            f"Workflow '{workflow}' has {most} of {most} runs{with_key} under way; nothing was started.",
            "Send it again when one of them has ended, or let runs wait: `on_limit: queue`.",
            headers={"retry-after": "10"},
        )
    )


def dead_start_not_found(run: str) -> RequestError:
    """404: no run of that id is among those that could not be started."""
    return RequestError(
        Problem(
            404,
            "dead_start_not_found",
            "No such dead start",
            f"Run '{run}' is not among those that could not be started.",
            "See GET /api/dead-starts; one that was replayed is there no longer.",
        )
    )
