"""What the sender of a webhook is told about the run that it has started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from layers.runtime.answers import Answer, json_answer
from layers.runtime.errors import PlatformError, Problem
from layers.runtime.executions import Starter
from layers.runtime.json_value import JsonValue
from layers.runtime.objects import Loading, runs_prefix
from layers.runtime.references import shown
from layers.runtime.store.runs import Run
from layers.runtime.waiting import Awaited

LARGEST_ANSWER_BYTES: Final = 4_500_000
"""Of large values in an answer; Lambda answers at most 6 MB (AWS: Lambda quotas)."""


def accepted(run: Run) -> Answer:
    """202: the run was taken; its address tells how it goes on."""
    status_url = _status_url(run)
    return json_answer(202, {"run": run.id, "status_url": status_url}, {"location": status_url})


def duplicate(run: Run) -> Answer:
    """200: the delivery came before; this is the run that it has started."""
    return json_answer(200, {"run": run.id, "status_url": _status_url(run), "duplicate": True})


def responded(run: Run, response: JsonValue) -> Answer:
    """What a node of the run has answered: JSON, or text where it says so itself."""
    assert isinstance(response, Mapping)
    given = response["headers"]
    assert isinstance(given, Mapping)
    headers = {str(name).lower(): str(value) for name, value in given.items()}
    headers.setdefault("content-location", _status_url(run))
    status, body = response["status"], response["body"]
    assert isinstance(status, int)
    kind = headers.get("content-type", "")
    if body is None:
        return {"statusCode": status, "headers": headers, "body": "", "isBase64Encoded": False}
    if isinstance(body, str) and kind and "json" not in kind:
        return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}
    return json_answer(status, body, headers, kind or "application/json")


def result(starter: Starter, awaited: Awaited) -> Answer:
    """200 with the run's output; raises PlatformError (502) for a run that has not succeeded."""
    run = awaited.run
    if run.status != "succeeded":
        raise _failed(run)
    loading = Loading(starter.objects, runs_prefix(starter.store.project))
    output = shown(awaited.output, loading, LARGEST_ANSWER_BYTES)
    return json_answer(200, output, {"content-location": _status_url(run)})


def _failed(run: Run) -> PlatformError:
    # The cause may name what is behind the workflow, which is not for everybody who can send a webhook.
    return PlatformError(
        Problem(
            502,
            "run_failed",
            "Run failed",
            f"Run '{run.id}' of workflow '{run.workflow}' {run.status}: {run.error or 'no error was named'}.",
            f"See GET {_status_url(run)} for what went wrong.",
        )
    )


def _status_url(run: Run) -> str:
    return f"/api/executions/{run.id}"
