"""The problems that callers of the run control routes can meet."""

from __future__ import annotations

from collections.abc import Sequence

from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonObject


def node_not_found(workflow: str, node: str, known: Sequence[str]) -> RequestError:
    """422: the definition has no such node."""
    listed = ", ".join(f"'{name}'" for name in known)
    return RequestError(
        Problem(
            422,
            "node_not_found",
            "Node not found",
            f"This version of workflow '{workflow}' has no node '{node}'.",
            f"It has {listed}.",
        )
    )


def node_cannot_begin(node: str, reason: str, hint: str) -> RequestError:
    """422: a run cannot go on from that node."""
    return RequestError(
        Problem(
            422,
            "node_cannot_begin",
            "Cannot go on from there",
            f"Node '{node}' cannot begin: {reason}.",
            hint,
        )
    )


def cannot_pin(diagnostics: Sequence[JsonObject]) -> RequestError:
    """422: what ended in the earlier run does not make sense of the definition."""
    first = f": {diagnostics[0]['message']}" if diagnostics else ""
    return RequestError(
        Problem(
            422,
            "cannot_pin",
            "Cannot go on from that run",
            f"The definition cannot be run with what ended before{first}; nothing was started.",
            "Each entry of `diagnostics` names a place and what to do there. Beginning further up helps: "
            "`run-from` a node before those that are named.",
            tuple(diagnostics),
        )
    )


def run_is_open(run: str, status: str) -> RequestError:
    """409: only what has ended goes on."""
    return RequestError(
        Problem(
            409,
            "run_is_open",
            "Run is under way",
            f"Run '{run}' is {status}.",
            f"Pause it with POST /api/executions/{run}/pause, cancel it, or wait until it has ended.",
        )
    )


def run_has_succeeded(run: str) -> RequestError:
    """409: there is nothing to try again."""
    return RequestError(
        Problem(
            409,
            "run_has_succeeded",
            "Run has succeeded",
            f"Run '{run}' has succeeded, so no node of it has failed.",
            f"Repeat a part of it with POST /api/executions/{run}/run-from and a node.",
        )
    )


def run_without_version(run: str) -> RequestError:
    """409: nobody knows which definition the run had."""
    return RequestError(
        Problem(
            409,
            "run_without_version",
            "Version unknown",
            f"It is not known which version run '{run}' had: it was started outside of the platform.",
            "Name the version that is to go on, as `version`.",
        )
    )


def run_data_gone(run: str, reason: str) -> RequestError:
    """410: what a run gave is not kept any more, so nothing can go on with it."""
    return RequestError(
        Problem(
            410,
            "run_data_gone",
            "Data of the run is gone",
            f"Run '{run}' cannot be gone on from: {reason}.",
            "Start a new run. Histories are kept for 90 days by Step Functions, large values by the bucket.",
        )
    )


def unfit_body(violations: Sequence[JsonObject], hint: str) -> RequestError:
    """422: the body of a request has fields that do not fit."""
    places = "; ".join(f"{one['pointer'] or 'the body'}: {one['message']}" for one in violations)
    return RequestError(
        Problem(
            422,
            "unfit_body",
            "Body does not fit",
            f"The body does not fit: {places}.",
            hint,
            violations=tuple(violations),
        )
    )


def run_not_paused(run: str, status: str) -> RequestError:
    """409: only what was paused is resumed."""
    return RequestError(
        Problem(
            409,
            "run_not_paused",
            "Run is not paused",
            f"Run '{run}' is {status}.",
            f"What failed goes on with POST /api/executions/{run}/retry.",
        )
    )


def run_not_pausable(run: str) -> RequestError:
    """409: Express executions neither stop nor go on (AWS: StopExecution, RedriveExecution)."""
    return RequestError(
        Problem(
            409,
            "run_not_pausable",
            "Run cannot be paused",
            f"Run '{run}' is of an Express workflow, and the service lets none of those go on.",
            "It ends within five minutes by itself.",
        )
    )


def run_still_acting(run: str, node: str, seconds: float) -> RequestError:
    """409: a function that was called before may still do its work."""
    wait = max(1, round(seconds + 0.5))
    return RequestError(
        Problem(
            409,
            "run_still_acting",
            "A node may still be acting",
            f"Node '{node}' of run '{run}' was cut short, and its function may still be acting.",
            f"Try again in {wait} seconds: then it has ended, and what it did is not done twice.",
            headers={"retry-after": str(wait)},
        )
    )
