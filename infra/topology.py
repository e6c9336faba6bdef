"""What a deployment consists of, as plain data that both the CDK app and the local cloud read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from infra.parts import Cors, Firing, Machine, Queue, Source, Throttle


@dataclass(frozen=True, slots=True)
class Grant:
    """What a function may do: actions of one service on one part of the topology.

    `on` is `table`, `objects` (of runs, in the bucket), `machines` (every state machine of the deployment and
    their executions), `logs` (of Express machines), `secrets` (whose names begin with the project), `bus`,
    `machine_role`, `function:<name>`, `queue:<name>`, `machine:<name>`, `schedules` and `rules` (those that
    activation makes), `scheduler_role`, `buses` (of the account) or `replays` (of the archive).
    """

    on: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function; environment values `{part}` are replaced by that part's name or ARN."""

    name: str
    description: str
    packages: tuple[str, ...]
    """The import packages shipped with it, as paths from the project's root."""
    libraries: Literal["layer", "compiler"] = "layer"
    memory_mb: int = 512
    timeout_seconds: int = 29
    environment: Mapping[str, str] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    sources: tuple[Source, ...] = ()
    code: str = ""
    """The function whose code it is, where that is another one's."""
    reserved_concurrency: int | None = None
    """How many invocations of it may be under way, which no other function can take."""

    @property
    def handler(self) -> str:
        """The dotted path that the Lambda runtime calls."""
        return f"functions.{self.code or self.name}.handler.handler"


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API (payload format 2.0); `ANY` and `{proxy+}` as API Gateway writes them."""

    method: str
    path: str
    function: str
    authorized: bool = True
    throttle: Throttle | None = None
    """By default the API's."""


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index of the table, all attributes projected."""

    name: str
    partition_key: str
    sort_key: str


@dataclass(frozen=True, slots=True)
class Table:
    """The one DynamoDB table: on demand, point-in-time recovery, keys `pk` and `sk`, TTL attribute."""

    name: str
    indexes: tuple[Index, ...]
    ttl_attribute: str = "expires_at"


@dataclass(frozen=True, slots=True)
class Bucket:
    """The bucket of large values: private, encrypted, TLS only; what a run kept goes after some days."""

    name: str
    prefix: str
    """Of the keys of all objects of runs."""
    expire_days: int = 90
    """As long as Step Functions keeps an execution's history (AWS: Step Functions quotas)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An EventBridge rule: events of `bus` that match `pattern`, or times of `schedule`, go to `function`."""

    name: str
    bus: Literal["default", "platform"]
    pattern: Mapping[str, object] | None
    function: str
    schedule: str | None = None
    """As EventBridge writes schedules of rules, which only the default bus has: `rate(1 minute)`."""


@dataclass(frozen=True, slots=True)
class MachineLogs:
    """The log groups of Express machines, whose lines go to a function."""

    prefix: str
    """Of the names of all of them."""
    function: str
    filter: str
    """The name of the subscription filter, which everybody who makes such a group uses."""


@dataclass(frozen=True, slots=True)
class Topology:
    """One deployment."""

    project: str
    functions: tuple[Function, ...]
    routes: tuple[Route, ...]
    authorizer: str
    table: Table
    bus: str
    rules: tuple[Rule, ...]
    bucket: Bucket | None = None
    machine_logs: MachineLogs | None = None
    queues: tuple[Queue, ...] = ()
    firing: Firing | None = None
    machines: tuple[Machine, ...] = ()
    cors: Cors | None = None
    throttle: Throttle | None = None
    """Of each route of the HTTP API that has none of its own; by default the account's."""

    def __post_init__(self) -> None:
        """Refuse sources that the service would refuse, with ValueError."""
        for function in self.functions:
            for source in function.sources:
                self._check_source(function, source)

    def _check_source(self, function: Function, source: Source) -> None:
        queue = self.queue(source.queue)
        if queue.visibility_seconds < function.timeout_seconds:
            raise ValueError(
                f'queue "{queue.name}" hides a message for {queue.visibility_seconds} s, but function '
                f'"{function.name}" may take {function.timeout_seconds} s: hide it for at least as long'
            )

    def queue(self, name: str) -> Queue:
        """The queue of that name; raises KeyError if there is none."""
        for queue in self.queues:
            if queue.name == name:
                return queue
        raise KeyError(name)

    def function(self, name: str) -> Function:
        """The function of that name; raises KeyError if there is none."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)


def topology(project: str = "main") -> Topology:
    """The deployment of one project: names begin with the project, nothing is shared between projects."""
    from infra.bulk_machine import bulk_machine  # noqa: PLC0415 - as below
    from infra.deployed_functions import deployed_functions  # noqa: PLC0415 - made of what stands above

    return Topology(
        project=project,
        functions=deployed_functions(),
        routes=(
            Route("ANY", "/api/{proxy+}", "api"),
            Route("ANY", "/webhooks/{proxy+}", "webhook", authorized=False),
        ),
        authorizer="authorizer",
        table=Table(
            name=f"{project}-steploom",
            indexes=(Index("by_kind", "gsi1pk", "gsi1sk"), Index("by_workflow", "gsi2pk", "gsi2sk")),
        ),
        bus=f"{project}-steploom",
        rules=(
            Rule(
                name=f"{project}-run-ended",
                bus="default",
                pattern={
                    "source": ["aws.states"],
                    "detail-type": ["Step Functions Execution Status Change"],
                    "detail": {"status": ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]},
                },
                function="recorder",
            ),
            Rule(f"{project}-sweep", "default", None, "sweep", schedule="rate(1 minute)"),
            Rule(
                name=f"{project}-run-started",
                bus="default",
                pattern={
                    "source": ["aws.states"],
                    "detail-type": ["Step Functions Execution Status Change"],
                    "detail": {"status": ["RUNNING"]},
                },
                function="recorder",
            ),
        ),
        machine_logs=MachineLogs(f"/aws/vendedlogs/states/{project}-", "recorder", "steploom-recorder"),
        bucket=Bucket(name=f"{project}-steploom-runs", prefix=f"{project}/runs/"),
        queues=(
            Queue("starts", dead_letter="starts-dead"),
            Queue("starts-dead"),
            Queue("polls", dead_letter="polls-dead"),
            Queue("polls-dead"),
        ),
        machines=(bulk_machine(),),
        firing=Firing(f"{project}-steploom", "starts", "starts-dead", "polls", archive=f"{project}-steploom"),
    )
