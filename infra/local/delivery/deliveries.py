"""Deliveries under way: none is lost by a crash, each is tried until it is taken or given up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws.clients import Clients
from infra.local.delivery.delivery import Delivery
from infra.local.delivery.send import Send, UndeliverableError
from infra.local.files import file_stem, write_whole
from infra.local.scheduler import Clock, Scheduler

_LOG: Final = logging.getLogger(__name__)
_FIRST_DELAY: Final = 1.0
_LONGEST_DELAY: Final = 300.0
_FOR_GOOD: Final = frozenset(
    {
        "ExecutionAlreadyExists",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
        "ValidationException",
        "InvalidExecutionInput",
    }
)
"""Errors of a service that stay the same however often one tries."""


class Deliveries:
    """Sends in threads of its own; what fails is tried again ever more slowly, as its limits say."""

    def __init__(
        self,
        folder: Path,
        send: Send,
        clients: Clients,
        scheduler: Scheduler,
        submit: Callable[[Callable[[], None]], None],
        clock: Clock,
    ) -> None:
        self._pending = folder / "pending"
        self._failed = folder / "failed"
        for place in (self._pending, self._failed):
            place.mkdir(parents=True, exist_ok=True)
        self._send = send
        self._clients = clients
        self._scheduler = scheduler
        self._submit = submit
        self._clock = clock

    def accept(self, delivery: Delivery) -> None:
        """Take over a delivery; returns when it is on disk."""
        path = self._path(delivery)
        if path.exists():
            return
        write_whole(path, delivery.to_bytes(), against_power_loss=False)
        self._submit(lambda: self._try(delivery))

    def recover(self) -> None:
        """Take up what an earlier process had accepted and not finished."""
        for path in sorted(self._pending.glob("*.json")):
            try:
                delivery = Delivery.from_bytes(path.read_bytes())
            except (ValueError, TypeError):
                _LOG.exception('a delivery cannot be read; its file is kept in "failed"')
                path.replace(self._failed / path.name)
                continue
            self._scheduler.call_soon(lambda delivery=delivery: self._submit(lambda: self._try(delivery)))  # type: ignore[misc]

    def _path(self, delivery: Delivery) -> Path:
        return self._pending / f"{file_stem(delivery.identity)}.json"

    def _try(self, delivery: Delivery) -> None:
        try:
            self._send(delivery)
        except UndeliverableError as error:
            self._give_up(delivery, error.code, str(error), "")
        except ClientError as error:
            self._failed_by(delivery, error)
        except (BotoCoreError, ValueError, KeyError, TypeError) as error:
            self._give_up(delivery, "INVALID_PARAMETER", str(error), "")
        else:
            self._path(delivery).unlink(missing_ok=True)

    def _failed_by(self, delivery: Delivery, error: ClientError) -> None:
        code = str(error.response["Error"].get("Code", ""))
        if code == "ExecutionAlreadyExists":
            self._path(delivery).unlink(missing_ok=True)
            return
        if code in _FOR_GOOD:
            self._give_up(delivery, code, str(error), "")
        elif delivery.tries >= delivery.attempts:
            self._give_up(delivery, code, str(error), "MaximumRetryAttempts")
        elif self._clock() - delivery.accepted_at >= delivery.age_seconds:
            self._give_up(delivery, code, str(error), "MaximumEventAgeInSeconds")
        else:
            self._later(delivery.again())

    def _later(self, delivery: Delivery) -> None:
        write_whole(self._path(delivery), delivery.to_bytes(), against_power_loss=False)
        delay = min(_FIRST_DELAY * 2 ** (delivery.tries - 1), _LONGEST_DELAY)
        self._scheduler.call_at(self._clock() + delay, lambda: self._submit(lambda: self._try(delivery)))

    def _give_up(self, delivery: Delivery, code: str, message: str, exhausted: str) -> None:
        """Into the target's dead-letter queue, else into the folder `failed`.

        The attributes are those of EventBridge's and EventBridge Scheduler's dead letters.
        """
        _LOG.error("what %s fired did not reach %s: %s", delivery.source, delivery.target, message)
        path = self._path(delivery)
        if delivery.dead_letter is None:
            if path.exists():
                path.replace(self._failed / path.name)
            return
        attributes = {
            "ERROR_CODE": code,
            "ERROR_MESSAGE": message[:1000],
            "RETRY_ATTEMPTS": str(delivery.tries),
            "TARGET_ARN": delivery.target,
            **({"EXHAUSTED_RETRY_CONDITION": exhausted} if exhausted else {}),
            **delivery.details,
        }
        sqs = self._clients.of("sqs")
        try:
            address = sqs.get_queue_url(QueueName=delivery.dead_letter.rsplit(":", 1)[-1])["QueueUrl"]
            sqs.send_message(
                QueueUrl=address,
                MessageBody=delivery.payload,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value or "-"}
                    for name, value in attributes.items()
                },
            )
        except ClientError:
            _LOG.exception("its dead-letter queue %s does not take it; it is kept", delivery.dead_letter)
            path.replace(self._failed / path.name)
        else:
            path.unlink(missing_ok=True)
