"""Takes runs out of the queue for a slot."""

from __future__ import annotations

from functions.api.run_views import existing_run
from functions.api.services import Request
from layers.runtime.admission.fill import cancel_waiting
from layers.runtime.admission.group_items import Waiting
from layers.runtime.store.runs import Run


def cancel_queued(request: Request, run: Run) -> Run:
    """The run as it is recorded then: cancelled, unless it got its slot meanwhile."""
    starter = request.services.starter
    if run.key is not None and run.place is not None:
        waiting = Waiting(run.id, run.workflow, run.key, run.place, 0, run.started_at)
        cancel_waiting(starter.admission, waiting, f"cancelled by {request.principal.id}")
    return existing_run(request.services, run.id)
