"""The SQS queues of a deployment, and the event source mappings that give their messages to functions."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.parts import Queue, Source
from infra.stacks.functions import logical_name
from infra.topology import Topology


class Queues(Construct):
    """Every queue of the topology, by name: encrypted, TLS only."""

    def __init__(self, scope: Construct, name: str, *, topology: Topology) -> None:
        super().__init__(scope, name)
        self._topology = topology
        self.by_name: dict[str, sqs.Queue] = {}
        for queue in topology.queues:
            self._make(queue)

    def parts(self) -> dict[str, str]:
        """The ARNs of all, as grants name them."""
        return {f"queue:{name}": queue.queue_arn for name, queue in self.by_name.items()}

    def addresses(self) -> dict[str, str]:
        """The URLs of all, and their ARNs, as environments name them."""
        urls = {f"queue:{name}": queue.queue_url for name, queue in self.by_name.items()}
        return urls | {f"queue_arn:{name}": queue.queue_arn for name, queue in self.by_name.items()}

    def give_to(self, functions: Mapping[str, lambda_.Function]) -> None:
        """Make the queues sources of functions, which may then receive from them and delete."""
        for function in self._topology.functions:
            for source in function.sources:
                functions[function.name].add_event_source(self._source(source))

    def _make(self, queue: Queue) -> sqs.Queue:
        if queue.name in self.by_name:
            return self.by_name[queue.name]
        dead_letter = None
        if queue.dead_letter is not None:
            dead_letter = sqs.DeadLetterQueue(
                max_receive_count=queue.most_receives,
                queue=self._make(self._topology.queue(queue.dead_letter)),
            )
        self.by_name[queue.name] = sqs.Queue(
            self,
            logical_name(queue.name.replace(".", "_")),
            queue_name=f"{self._topology.project}-{queue.name}",
            fifo=True if queue.name.endswith(".fifo") else None,
            visibility_timeout=Duration.seconds(queue.visibility_seconds),
            retention_period=Duration.seconds(queue.retention_seconds),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            dead_letter_queue=dead_letter,
        )
        return self.by_name[queue.name]

    def _source(self, source: Source) -> event_sources.SqsEventSource:
        window = Duration.seconds(source.window_seconds) if source.window_seconds else None
        return event_sources.SqsEventSource(
            self.by_name[source.queue],
            batch_size=source.batch_size,
            max_batching_window=window,
            max_concurrency=source.most_batches,
            report_batch_item_failures=source.reports_failures,
        )
