"""Amazon States Language in JSONata mode, as frozen data (states-language.net; AWS developer guide)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from translator.json_value import JsonObject, JsonValue

Assigns: TypeAlias = Mapping[str, JsonValue]
NONE: Final[Assigns] = {}


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a state is there: the node it belongs to and the part it plays for it."""

    node: str
    role: Literal[
        "task",
        "pass",
        "choice",
        "wait",
        "end",
        "guard",
        "fork",
        "branch",
        "join",
        "when",
        "entry",
        "body",
        "prepare",
        "gather",
        "part",
    ]
    before: tuple[str, ...] = ()
    """Nodes without a state of their own that have run when this state begins, in order."""
    after: tuple[str, ...] = ()
    """Nodes that run as it is left, each only where it assigns the node's output; in order."""
    failing: str = ""
    """The node among `after` that fails if an expression fails as the state is left."""
    chain: tuple[str, ...] = ()
    """Where one Task runs several nodes: all of them, in order."""
    between: tuple[str, ...] = ()
    """Those of the chain that call nothing: each runs when the one before it has ended."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node whose work the state does, in order."""
        return (*self.before, *(self.chain or (self.node,)), *self.after)


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of Retry: seconds, as the service counts them."""

    errors: tuple[str, ...]
    max_attempts: int
    interval_seconds: int = 1
    backoff_rate: float = 2.0
    max_delay_seconds: int | None = None
    full_jitter: bool = False


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of Catch."""

    errors: tuple[str, ...]
    next: str
    assign: Assigns = field(default_factory=dict)
    output: JsonValue = None


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """One rule of a Choice: `condition` is a whole `{% … %}` expression."""

    condition: str
    next: str
    assign: Assigns = field(default_factory=dict)
    port: str | None = None
    """The port of the Choice's node that it takes."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Goes on, or ends its scope, with `output`; `next` None ends."""

    origin: Origin
    next: str | None
    assign: Assigns = field(default_factory=dict)
    output: JsonValue = None
    has_output: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Calls a resource."""

    origin: Origin
    next: str | None
    resource: str
    arguments: JsonObject
    assign: Assigns = field(default_factory=dict)
    output: JsonValue = None
    has_output: bool = False
    timeout_seconds: int | None = None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Goes where the first true rule says."""

    origin: Origin
    rules: tuple[ChoiceRule, ...]
    default: str | None
    assign: Assigns = field(default_factory=dict)
    port: str | None = None
    """The port of its node that the default takes."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Waits: exactly one of `seconds` and `timestamp`, a value or a whole expression."""

    origin: Origin
    next: str | None
    seconds: JsonValue = None
    timestamp: JsonValue = None
    assign: Assigns = field(default_factory=dict)
    output: JsonValue = None
    has_output: bool = False


@dataclass(frozen=True, slots=True)
class Succeed:
    """Ends its scope well."""

    origin: Origin
    output: JsonValue = None
    has_output: bool = False


@dataclass(frozen=True, slots=True)
class Fail:
    """Fails its scope."""

    origin: Origin
    error: JsonValue
    cause: JsonValue = None


@dataclass(frozen=True, slots=True)
class Parallel:
    """Runs its branches side by side, each a scope of its own."""

    origin: Origin
    next: str | None
    branches: tuple[States, ...]
    assign: Assigns = field(default_factory=dict)
    output: JsonValue = None
    has_output: bool = False
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """Runs its processor once per item: inline in a scope, or `distributed` as child executions."""

    origin: Origin
    next: str | None
    items: JsonValue
    selector: JsonObject | None
    processor: States
    max_concurrency: int | None = None
    distributed: Distributed | None = None
    assign: Assigns = field(default_factory=dict)
    output: JsonValue = None
    has_output: bool = False
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Distributed:
    """How the child executions of a distributed Map run."""

    execution_type: Literal["STANDARD", "EXPRESS"]
    tolerated_count: int | None = None
    tolerated_percentage: float | None = None
    batch_size: int | None = None
    """How many items one of them takes."""
    written_under: JsonValue = None
    """What the keys of the objects begin with that the results go to; None: they are the state's result."""
    read_from: JsonValue = None
    """The key of the object that holds the items; None: the state itself has them."""


State: TypeAlias = Pass | Task | Choice | Wait | Succeed | Fail | Parallel | Map


@dataclass(frozen=True, slots=True)
class States:
    """One scope: its states by name, in the order they are written, and where it starts."""

    start_at: str
    states: Mapping[str, State]


@dataclass(frozen=True, slots=True)
class Machine:
    """A whole state machine."""

    comment: str
    states: States
    timeout_seconds: int | None = None


def inner_scopes(state: State) -> tuple[States, ...]:
    """The scopes inside a state: a Parallel's branches, a Map's processor."""
    if isinstance(state, Parallel):
        return state.branches
    return (state.processor,) if isinstance(state, Map) else ()


def with_inner(state: State, change: Callable[[States], States]) -> State:
    """The state with each scope inside it changed."""
    if isinstance(state, Parallel):
        return replace(state, branches=tuple(change(branch) for branch in state.branches))
    return replace(state, processor=change(state.processor)) if isinstance(state, Map) else state
