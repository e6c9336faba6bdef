"""Tasks of other services: the optimised integrations and `aws-sdk:*`, through the AWS endpoint itself.

Names and texts of errors as the service gives them (recorded): optimised ones in the style of the SDK for
Java 1, `aws-sdk` ones in that of version 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, cast

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, UnknownServiceError
from botocore.model import OperationModel, OperationNotFoundError, ServiceModel, Shape

from infra.local.aws.clients import Clients
from infra.local.states.http_invoke import HttpTasks
from infra.local.states.shape import to_request, to_result
from translator.interpreter import Outcome, TaskFailed, TaskRequest, TaskSucceeded
from translator.interpreter.payload import encode
from translator.interpreter.resource import Pattern, Resource
from translator.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class _Service:
    client: str
    """boto3's name."""
    error_prefix: str
    sdk_name: str
    """The service's name in the texts of errors."""

    def base_error(self, *, sdk: bool) -> str:
        """What an error that the service's model does not name is called (AWS SDK for Java, 1 and 2)."""
        return f"{self.error_prefix if sdk else self.sdk_name.removesuffix('v2')}Exception"


_OPTIMISED: Final = MappingProxyType(
    {
        "dynamodb": _Service("dynamodb", "DynamoDB", "AmazonDynamoDBv2"),
        "events": _Service("events", "EventBridge", "AmazonCloudWatchEvents"),
        "lambda": _Service("lambda", "Lambda", "AWSLambda"),
        "s3": _Service("s3", "S3", "AmazonS3"),
        "sns": _Service("sns", "SNS", "AmazonSNS"),
        "sqs": _Service("sqs", "SQS", "AmazonSQS"),
        "states": _Service("stepfunctions", "StepFunctions", "AWSStepFunctions"),
    }
)
_SDK: Final = MappingProxyType(
    {
        "cloudwatchlogs": _Service("logs", "CloudWatchLogs", "CloudWatchLogs"),
        "dynamodb": _Service("dynamodb", "DynamoDb", "DynamoDb"),
        "eventbridge": _Service("events", "EventBridge", "EventBridge"),
        "secretsmanager": _Service("secretsmanager", "SecretsManager", "SecretsManager"),
        "sfn": _Service("stepfunctions", "Sfn", "Sfn"),
    }
)
_SDK_PREFIX: Final = "aws-sdk:"
_RENAMED: Final = MappingProxyType({"AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist"})


class Integrations:
    """Calls services for tasks; blocks until they answer."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.http = HttpTasks(clients)

    def call(self, request: TaskRequest) -> Outcome:
        """The task's outcome."""
        kind = request.kind.kind
        if is_http(request.kind):
            return self.http.invoke(request.arguments).outcome
        sdk = kind.startswith(_SDK_PREFIX)
        service = _service(kind)
        if service is None:
            return TaskFailed("States.Runtime", f"The local cloud does not do '{request.resource}' yet.")
        try:
            return self._call(service, request, sdk=sdk)
        except ClientError as error:
            return _failure(service, error, self.clients.model(service.client), sdk=sdk)
        except UnknownServiceError:
            return TaskFailed("States.Runtime", f"There is no service '{kind}' in '{request.resource}'.")
        except BotoCoreError as error:
            return TaskFailed(f"{service.error_prefix}.SdkClientException", str(error))

    def answer_shape(self, resource: Resource) -> Shape | None:
        """What the operation of a Task answers with; None where nothing is known of it."""
        service = _service(resource.kind)
        described = resource.pattern is Pattern.RUN_A_JOB
        if service is None or (described and resource.operation != "startExecution"):
            return None
        name = "DescribeExecution" if described else _operation(resource)
        try:
            found = self.clients.model(service.client).operation_model(name).output_shape
        except (UnknownServiceError, OperationNotFoundError):
            return None
        return cast("Shape | None", found)

    def _call(self, service: _Service, request: TaskRequest, *, sdk: bool) -> Outcome:
        client = self.clients.of(service.client)
        name = _operation(request.kind)
        if name not in client.meta.service_model.operation_names:
            return TaskFailed("States.Runtime", f"There is no operation '{name}' in '{request.resource}'.")
        model = client.meta.service_model.operation_model(name)
        given = request.arguments if isinstance(request.arguments, Mapping) else {}
        sent = to_request(given, model.input_shape)
        _refuse_missing(sent, model, request.id)
        answer = getattr(client, xform_name(name))(**sent)
        metadata = answer.pop("ResponseMetadata")
        result = to_result(answer, model.output_shape)
        if (service.client, name) == ("events", "PutEvents"):
            return _entries_outcome(result)
        return TaskSucceeded(result if sdk else {**result, **_sdk_metadata(metadata)})


def is_http(resource: Resource) -> bool:
    """Whether the resource is that of an HTTP Task."""
    return (resource.kind, resource.call) == ("http", "invoke")


def _service(kind: str) -> _Service | None:
    sdk = kind.startswith(_SDK_PREFIX)
    return _sdk_service(kind.removeprefix(_SDK_PREFIX)) if sdk else _OPTIMISED.get(kind)


def _operation(resource: Resource) -> str:
    return resource.operation[:1].upper() + resource.operation[1:]


def _sdk_service(name: str) -> _Service:
    return _SDK.get(name) or _Service(name, name.capitalize(), name.capitalize())


def _refuse_missing(sent: Mapping[str, Any], model: OperationModel, request_id: str) -> None:
    """Raise the service's answer where a parameter is missing (recorded): boto3 sends no such request."""
    required = model.input_shape.required_members if model.input_shape is not None else ()
    names = [f"{name[:1].lower()}{name[1:]}" for name in required if name not in sent]
    if names:
        rule = "failed to satisfy constraint: Member must not be null"
        told = "; ".join(f"Value null at '{name}' {rule}" for name in names)
        text = f"{len(names)} validation error{'s' if len(names) > 1 else ''} detected: {told}"
        response: Any = {
            "Error": {"Code": "ValidationException", "Message": text},
            "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": request_id},
        }
        raise ClientError(response, model.name)


def _entries_outcome(result: Mapping[str, JsonValue]) -> Outcome:
    if result.get("FailedEntryCount"):
        return TaskFailed("EventBridge.FailedEntry", encode(result))
    return TaskSucceeded(result)


def _sdk_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    headers = dict(metadata.get("HTTPHeaders", {}))
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": metadata["HTTPStatusCode"],
        },
        "SdkResponseMetadata": {"RequestId": metadata.get("RequestId", "")},
    }


def _failure(service: _Service, error: ClientError, model: ServiceModel, *, sdk: bool) -> TaskFailed:
    details, metadata = error.response["Error"], error.response["ResponseMetadata"]
    code, status = str(details.get("Code", "")), metadata.get("HTTPStatusCode", 400)
    request_id = metadata.get("RequestId", "")
    shape: Any = model.shape_for_error_code(_RENAMED.get(code, code))  # type: ignore[arg-type]
    name = service.base_error(sdk=sdk) if shape is None else str(shape.name)
    name = name if name.endswith("Exception") else f"{name}Exception"
    if sdk:
        where = f"Service: {service.sdk_name}, Status Code: {status}, Request ID: {request_id}"
    else:
        where = (
            f"Service: {service.sdk_name}; Status Code: {status}; Error Code: {code}; "
            f"Request ID: {request_id}; Proxy: null"
        )
    return TaskFailed(f"{service.error_prefix}.{name}", f"{details.get('Message', '')} ({where})")
