"""Deliveries under way: none is lost by a crash, each is tried until it is taken or given up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws.clients import Clients
from infra.local.backlog import Backlog
from infra.local.delivery.delivery import Delivery
from infra.local.delivery.send import Send, UndeliverableError
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
        backlog: Backlog,
        send: Send,
        clients: Clients,
        scheduler: Scheduler,
        submit: Callable[[Callable[[], None]], None],
        clock: Clock,
    ) -> None:
        self._backlog = backlog
        self._send = send
        self._clients = clients
        self._scheduler = scheduler
        self._submit = submit
        self._clock = clock

    def accept(self, delivery: Delivery) -> None:
        """Take over a delivery; returns when it is on disk."""
        if self._backlog.accept(delivery.identity, delivery.to_bytes()):
            self._begin(delivery)

    def recover(self) -> None:
        """Take up what an earlier process had accepted and not finished."""
        for delivery in self._backlog.recover(Delivery.from_bytes):
            self._scheduler.call_soon(partial(self._begin, delivery))

    def _begin(self, delivery: Delivery) -> None:
        self._submit(lambda: self._try(delivery))

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
            self._backlog.done(delivery.identity)

    def _failed_by(self, delivery: Delivery, error: ClientError) -> None:
        code = str(error.response["Error"].get("Code", ""))
        if code == "ExecutionAlreadyExists":
            self._backlog.done(delivery.identity)
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
        self._backlog.keep(delivery.identity, delivery.to_bytes())
        delay = min(_FIRST_DELAY * 2 ** (delivery.tries - 1), _LONGEST_DELAY)
        self._scheduler.call_at(self._clock() + delay, partial(self._begin, delivery))

    def _give_up(self, delivery: Delivery, code: str, message: str, exhausted: str) -> None:
        """Into the target's dead-letter queue, else into the folder `failed`.

        The attributes are those of EventBridge's and EventBridge Scheduler's dead letters.
        """
        _LOG.error("what %s fired did not reach %s: %s", delivery.source, delivery.target, message)
        if delivery.dead_letter is None:
            self._backlog.fail(delivery.identity)
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
            self._backlog.fail(delivery.identity)
        else:
            self._backlog.done(delivery.identity)
