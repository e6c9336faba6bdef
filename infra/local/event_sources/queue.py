"""A queue as its poller uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from infra.local.aws.clients import Clients
from infra.local.aws.emulation import Emulation
from infra.local.event_sources.batch import Message
from infra.local.names import queue_url
from infra.local.queues.arrivals import Arrivals
from infra.local.queues.emulated import look
from infra.local.scheduler import Clock

_MOST_AT_ONCE: Final = 10
"""Messages of one ReceiveMessage or DeleteMessageBatch (SQS quotas)."""


@dataclass(frozen=True, slots=True)
class SourceQueue:
    """Receives and deletes over the endpoint, like any client; looks without asking it."""

    name: str
    clients: Clients
    emulation: Emulation
    arrivals: Arrivals
    clock: Clock

    def seconds_to_next(self) -> float:
        """In how many seconds a message can be received: 0 for now, infinity if none is there."""
        now = self.clock()
        found = self.emulation.read(lambda: look(self.name, now))
        if found is None or not (found.ready or found.next_at is not None):
            return float("inf")
        # A message is visible after its time, not at it.
        return 0.0 if found.next_at is None else max(found.next_at - now, 0) + 0.001

    def receive(self, most: int) -> list[Message]:
        """Up to ten messages that are there now."""
        answer = self.clients.of("sqs").receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(most, _MOST_AT_ONCE),
            WaitTimeSeconds=0,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", ()))

    def delete(self, messages: Sequence[Message]) -> None:
        """Delete messages that were received."""
        for start in range(0, len(messages), _MOST_AT_ONCE):
            entries = [
                {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]}
                for place, message in enumerate(messages[start : start + _MOST_AT_ONCE])
            ]
            self.clients.of("sqs").delete_message_batch(QueueUrl=self._url, Entries=entries)

    @property
    def _url(self) -> str:
        return queue_url(self.clients.endpoint_url, self.name)
