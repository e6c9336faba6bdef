"""Hands a payload to the service that a target's ARN names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from infra.local.aws.clients import Clients
from infra.local.delivery.delivery import Delivery
from infra.local.functions.registry import FunctionNotFoundError
from infra.local.states.shape import to_request

_UNIVERSAL: Final = "arn:aws:scheduler:::aws-sdk:"
_NAME_LENGTH: Final = 80


class UndeliverableError(Exception):
    """Trying again cannot help; `code` as the dead letter gives it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class AcceptInvocation(Protocol):
    """Takes over an asynchronous invocation; raises FunctionNotFoundError."""

    def __call__(self, identity: str, function: str, payload: bytes) -> None:
        """Keep it under its identity."""


@dataclass(frozen=True, slots=True)
class Send:
    """Calls the target; raises what the service's client raises, or UndeliverableError."""

    clients: Clients
    invoke: AcceptInvocation

    def __call__(self, delivery: Delivery) -> None:
        """Returns when the target has taken it."""
        if delivery.target.startswith(_UNIVERSAL):
            self._operation(delivery)
            return
        service = delivery.target.split(":")[2:3]
        send = self._senders().get(service[0] if service else "")
        if send is None:
            raise UndeliverableError(
                "UNSUPPORTED_TARGET", f"the local cloud delivers nothing to {delivery.target}"
            )
        send(delivery)

    def _senders(self) -> Mapping[str, Callable[[Delivery], None]]:
        return {
            "lambda": self._lambda,
            "sqs": self._queue,
            "states": self._machine,
            "events": self._bus,
            "sns": self._topic,
            "logs": self._log_group,
        }

    def _lambda(self, delivery: Delivery) -> None:
        name = delivery.target.split(":function:")[-1].split(":")[0]
        try:
            self.invoke(delivery.identity, name, delivery.payload.encode())
        except FunctionNotFoundError as error:
            raise UndeliverableError("RESOURCE_NOT_FOUND", f'there is no function "{name}"') from error

    def _queue(self, delivery: Delivery) -> None:
        sqs = self.clients.of("sqs")
        address = sqs.get_queue_url(QueueName=delivery.target.rsplit(":", 1)[-1])["QueueUrl"]
        group = (delivery.parameters.get("SqsParameters") or {}).get("MessageGroupId")
        options = {"MessageGroupId": group, "MessageDeduplicationId": delivery.identity} if group else {}
        sqs.send_message(QueueUrl=address, MessageBody=delivery.payload, **options)

    def _machine(self, delivery: Delivery) -> None:
        # One name for the same event, so that a delivery repeated after a crash starts nothing twice.
        name = delivery.identity[:_NAME_LENGTH]
        states = self.clients.of("stepfunctions")
        states.start_execution(stateMachineArn=delivery.target, name=name, input=delivery.payload)

    def _bus(self, delivery: Delivery) -> None:
        given = delivery.parameters.get("EventBridgeParameters")
        if given is not None:
            entry = {"Source": given["Source"], "DetailType": given["DetailType"], "Detail": delivery.payload}
        else:
            event = json.loads(delivery.payload)
            entry = {
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"]),
                "Resources": event["resources"],
            }
        answer = self.clients.of("events").put_events(Entries=[{**entry, "EventBusName": delivery.target}])
        if answer["FailedEntryCount"]:
            failed = answer["Entries"][0]
            raise UndeliverableError(failed["ErrorCode"], failed["ErrorMessage"])

    def _topic(self, delivery: Delivery) -> None:
        self.clients.of("sns").publish(TopicArn=delivery.target, Message=delivery.payload)

    def _log_group(self, delivery: Delivery) -> None:
        logs = self.clients.of("logs")
        group = delivery.target.split(":log-group:")[-1].removesuffix(":*")
        stream = delivery.identity
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        event = {"timestamp": int(delivery.accepted_at * 1000), "message": delivery.payload}
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])

    def _operation(self, delivery: Delivery) -> None:
        """EventBridge Scheduler's universal target: `aws-sdk:<service>:<operation>`."""
        service, _, operation = delivery.target.removeprefix(_UNIVERSAL).partition(":")
        try:
            client = self.clients.of({"sfn": "stepfunctions", "eventbridge": "events"}.get(service, service))
        except UnknownServiceError as error:
            raise UndeliverableError("UNSUPPORTED_TARGET", f'there is no service "{service}"') from error
        name = operation[:1].upper() + operation[1:]
        if name not in client.meta.service_model.operation_names:
            raise UndeliverableError("UNSUPPORTED_TARGET", f'"{service}" has no operation "{operation}"')
        shape = client.meta.service_model.operation_model(name).input_shape
        given: Any = json.loads(delivery.payload or "{}")
        getattr(client, xform_name(name))(**to_request(given, shape))
