"""Outcomes of `once` nodes in the table."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from functions.node_task.records import Outcome
from layers.runtime.clients import open_store
from layers.runtime.settings import Settings
from layers.runtime.step_functions import PAUSED
from layers.runtime.store import ConditionFailedError, Store
from layers.runtime.store.pauses import is_meant, runs_of
from layers.runtime.store.responses import put_response
from layers.runtime.store.runs import RETENTION_SECONDS
from layers.runtime.store.table import ABSENT, Put
from translator.error_classes import OutcomeUnknown, System, named_error


def open_records(settings: Settings) -> TableRecords:
    """The records in the deployment's table."""
    return TableRecords(open_store(settings))


@dataclass(frozen=True, slots=True)
class TableRecords:
    """Records that outlive the process: retries, redrives and resumed runs find them."""

    store: Store

    def find(self, node_key: str, run: str = "") -> Outcome | None:
        """What was kept under the key, and in the same call whether the run is to be paused."""
        keys = self.store.keys
        wanted = (keys.outcome(node_key), keys.pause(node_key.partition("/")[0]))
        try:
            item, pause = self.store.table.get_all(wanted)
        except (BotoCoreError, ClientError) as error:
            raise System(f"the records of `once` nodes cannot be read: {error}") from error
        if item is None and is_meant(runs_of(pause), run):
            raise named_error(PAUSED, "somebody paused the run before this node acted")
        return None if item is None else Outcome(item["output"], item.get("error"))

    def keep(self, node_key: str, outcome: Outcome, now: float) -> Outcome:
        """Keeps the outcome unless another invocation was faster; its outcome counts then."""
        key = self.store.keys.outcome(node_key)
        item = {
            "pk": key.pk,
            "sk": key.sk,
            "output": outcome.output,
            "error": outcome.error,
            "expires_at": int(now) + RETENTION_SECONDS,
        }
        try:
            self.store.table.write([Put(item, ABSENT)])
        except ConditionFailedError:
            return self.find(node_key) or outcome
        except (BotoCoreError, ClientError) as error:
            raise OutcomeUnknown(
                f"the node has acted, but its result could not be recorded: {error}"
            ) from error
        return outcome

    def respond(self, node_key: str, answer: str, now: float) -> bool:
        """Keeps the answer where the webhook looks for it, unless another node was faster."""
        try:
            return put_response(self.store, node_key, answer, int(now) + RETENTION_SECONDS)
        except (BotoCoreError, ClientError) as error:
            raise System(f"the answer could not be handed to who waits for it: {error}") from error
