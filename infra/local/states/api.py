"""The Step Functions API over AWS JSON 1.0: finds the operation, gives its answer or the service's error."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from werkzeug.wrappers import Request, Response

from infra.local.states.data import parse_data
from infra.local.states.execution_operations import ExecutionOperations
from infra.local.states.express_operations import ExpressOperations
from infra.local.states.machine_operations import MachineOperations
from infra.local.states.map_run_operations import MapRunOperations
from infra.local.states.parameters import Parameters
from infra.local.states.request_shape import refuse_unfit
from infra.local.states.service_error import ServiceError
from infra.local.states.task_operations import TaskOperations
from infra.local.states.version_operations import VersionOperations

_LOG: Final = logging.getLogger(__name__)
_CONTENT_TYPE: Final = "application/x-amz-json-1.0"
Operation = Callable[[Parameters], Mapping[str, Any]]


class StatesApi:
    """Answers requests whose target begins with `AWSStepFunctions.`."""

    def __init__(
        self,
        machines: MachineOperations,
        versions: VersionOperations,
        executions: ExecutionOperations,
        map_runs: MapRunOperations,
        tasks: TaskOperations,
        express: ExpressOperations,
        others: Mapping[str, Operation],
    ) -> None:
        self._operations: dict[str, Operation] = {
            "CreateStateMachine": machines.create,
            "UpdateStateMachine": machines.update,
            "DeleteStateMachine": machines.delete,
            "DescribeStateMachine": machines.describe,
            "ListStateMachines": machines.list,
            "PublishStateMachineVersion": versions.publish,
            "ListStateMachineVersions": versions.list_versions,
            "DeleteStateMachineVersion": versions.delete_version,
            "CreateStateMachineAlias": versions.create_alias,
            "UpdateStateMachineAlias": versions.update_alias,
            "DescribeStateMachineAlias": versions.describe_alias,
            "DeleteStateMachineAlias": versions.delete_alias,
            "ListStateMachineAliases": versions.list_aliases,
            "StartExecution": executions.start,
            "StartSyncExecution": express.start_sync,
            "StopExecution": executions.stop,
            "RedriveExecution": executions.redrive,
            "DescribeExecution": executions.describe,
            "DescribeStateMachineForExecution": executions.describe_machine,
            "ListExecutions": executions.list,
            "GetExecutionHistory": executions.history,
            "SendTaskSuccess": tasks.succeed,
            "SendTaskFailure": tasks.fail,
            "SendTaskHeartbeat": tasks.heartbeat,
            "DescribeMapRun": map_runs.describe,
            "ListMapRuns": map_runs.list,
            "UpdateMapRun": map_runs.update,
            **others,
        }

    def answer(self, request: Request) -> Response:
        """The service's answer."""
        name = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        try:
            return _response(200, self._call(name, request.get_data()))
        except ServiceError as error:
            return _response(400, {"__type": error.code, "message": error.message})
        except Exception:
            _LOG.exception("operation %s of the Step Functions API failed: please report this", name)
            return _response(500, {"__type": "InternalFailure", "message": "The local cloud met a defect."})

    def _call(self, name: str, content: bytes) -> Mapping[str, Any]:
        operation = self._operations.get(name)
        if operation is None:
            raise ServiceError("UnknownOperationException", f"The local cloud has no operation '{name}' yet.")
        try:
            body = parse_data(content or b"{}")
        except ValueError as error:
            raise ServiceError("SerializationException", str(error)) from error
        if not isinstance(body, Mapping):
            raise ServiceError("SerializationException", "The request's body is an object.")
        refuse_unfit(name, body)
        return operation(Parameters(body))


def _response(status: int, body: Mapping[str, Any]) -> Response:
    return Response(json.dumps(body), status, content_type=_CONTENT_TYPE)
