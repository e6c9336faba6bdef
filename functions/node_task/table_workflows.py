"""The project's workflows in the table, as far as a node that starts one must know them."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from functions.node_task.sub_runs import FindWorkflow, OtherWorkflow
from layers.runtime.clients import open_store
from layers.runtime.settings import Settings
from layers.runtime.step_functions import is_express
from layers.runtime.store import Store
from layers.runtime.store.versions import find_input_schema, find_version
from layers.runtime.store.workflows import find_head
from translator.error_classes import System


def open_workflows(settings: Settings) -> FindWorkflow:
    """Those of the deployment's table."""
    store = open_store(settings)
    return lambda workflow: find_in_table(store, workflow)


def find_in_table(store: Store, workflow: str) -> OtherWorkflow | None:
    """The active version of a workflow; None if it has none. Raises System."""
    try:
        head = find_head(store, workflow)
        if head is None or head.active_version is None:
            return None
        version = find_version(store, workflow, head.active_version)
        if version is None:
            return None
        schema = find_input_schema(store, workflow, version.number) if version.has_input else None
        return OtherWorkflow(schema, version.trigger_keep, is_express(version.machine_version_arn))
    except (BotoCoreError, ClientError) as error:
        raise System(f'what workflow "{workflow}" asks of its runs cannot be read: {error}') from error
