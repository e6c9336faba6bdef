"""The keys of the one table; docs/store.md lists every item and access pattern."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """The primary key of one item."""

    pk: str
    sk: str


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of one project: no key that this gives can name another project's item."""

    project: str

    def head(self, workflow: str) -> Key:
        """What a workflow is now."""
        return Key(self._workflow(workflow), "head")

    def draft(self, workflow: str) -> Key:
        """The definition as last written."""
        return Key(self._workflow(workflow), "draft")

    def version(self, workflow: str, number: int, part: str = "version") -> Key:
        """A part of an immutable version.

        `version` (its summary), `definition`, `machine`, `source_map`, and `input_schema` if it has one.
        """
        return Key(self._workflow(workflow), f"{part}#{number:08d}")

    def change(self, workflow: str, revision: int) -> Key:
        """Who changed what, by the revision that it made."""
        return Key(self._workflow(workflow), f"change#{revision:08d}")

    def trigger(self, workflow: str, trigger: str) -> Key:
        """What a trigger has fired, and up to when."""
        return Key(self._workflow(workflow), f"trigger#{trigger}")

    def firing(self, workflow: str) -> Key:
        """What in AWS fires a workflow's triggers."""
        return Key(self._workflow(workflow), "firing")

    def awaited(self, after: str, workflow: str, trigger: str) -> Key:
        """A trigger of a workflow that waits for the runs of another one; it lies beside that one."""
        return Key(self._workflow(after), f"awaited#{workflow}#{trigger}")

    def gathered(self, workflow: str, trigger: str, part: str) -> Key:
        """What a trigger that waits for several workflows has collected: of a `key#`, or an `end#`."""
        return Key(f"{self.project}#gathered#{workflow}#{trigger}", part)

    def poll(self, workflow: str, trigger: str) -> Key:
        """What a poll trigger knows of the answers before."""
        return Key(self._workflow(workflow), f"poll#{trigger}")

    def pinned(self, workflow: str, digest: str) -> Key:
        """A machine of the workflow's in which some nodes have ended before the run."""
        return Key(self._workflow(workflow), f"pinned#{digest}")

    def route(self, path: str, method: str) -> Key:
        """The webhook that answers a method on a path."""
        return Key(f"{self.project}#route#{path}", method)

    def rate(self, workflow: str, trigger: str, whose: str) -> Key:
        """How much a webhook, or one sender of it, has sent of late."""
        return Key(f"{self.project}#rate#{workflow}#{trigger}", whose)

    def run(self, run: str) -> Key:
        """The summary of a run."""
        return Key(f"{self.project}#run#{run}", "run")

    def result(self, run: str) -> Key:
        """What a run was given and gave, and its final timeline."""
        return Key(f"{self.project}#run#{run}", "result")

    def bulk(self, bulk: str) -> Key:
        """A bulk start."""
        return Key(f"{self.project}#bulk#{bulk}", "bulk")

    def log_piece(self, execution: str, digest: str) -> Key:
        """Some lines of the log of an Express execution, which is named by its name and unique part."""
        return Key(f"{self.project}#log#{execution}", digest)

    def outcome(self, node_key: str) -> Key:
        """What a `once` node has done; it lies beside its root run."""
        root, _, rest = node_key.partition("/")
        return Key(f"{self.project}#run#{root}", f"node#{rest}")

    def response(self, root: str) -> Key:
        """What a `respond` node has answered; it lies beside the outcomes of the root run's nodes."""
        return Key(f"{self.project}#run#{root}", "response")

    def ending(self, run: str, ended_at: str) -> Key:
        """Whether somebody acts, or has acted, on an end of a run."""
        return Key(f"{self.project}#run#{run}", f"ending#{ended_at}")

    def setting(self, name: str) -> Key:
        """A setting of the project."""
        return Key(f"{self.project}#setting", name)

    def pause(self, root: str) -> Key:
        """Which runs of a root run are to be paused; it lies beside the outcomes of their nodes."""
        return Key(f"{self.project}#run#{root}", "pause")

    def idempotency(self, workflow: str, key: str) -> Key:
        """The run that a caller's idempotency key has started."""
        return Key(f"{self.project}#idempotency#{workflow}#{key}", "run")

    def slots(self, workflow: str, group: str) -> Key:
        """Which runs of a workflow and key hold slots; those that wait for one lie beside it."""
        return Key(f"{self.project}#admission#{workflow}#{group}", "slots")

    def waiting(self, workflow: str, group: str, place: str) -> Key:
        """A run that waits for a slot."""
        return Key(f"{self.project}#admission#{workflow}#{group}", f"waiting#{place}")

    def start(self, run: str) -> Key:
        """What Step Functions is to be told to start a run that needs a slot."""
        return Key(f"{self.project}#run#{run}", "start")

    def creation(self, kind: str, key: str) -> Key:
        """What a caller's idempotency key has created."""
        return Key(f"{self.project}#created#{kind}#{key}", "created")

    def kind(self, kind: str) -> str:
        """The partition of index `by_kind` that lists all of a kind.

        `workflow`, `route`, `run`, `pinned`, `slots` and `dead_start`.
        """
        return f"{self.project}#{kind}"

    def of_workflow(self, workflow: str) -> str:
        """The partition of index `by_workflow` that lists what belongs to a workflow."""
        return self._workflow(workflow)

    def _workflow(self, workflow: str) -> str:
        return f"{self.project}#workflow#{workflow}"
