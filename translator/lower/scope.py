"""The states of one scope while they are written."""

from __future__ import annotations

from dataclasses import dataclass, field

from translator.asl import Origin
from translator.diagnostics import InternalError
from translator.graph import FlowEdge
from translator.lower.catching import Catching
from translator.lower.context import Context
from translator.lower.draft import END, Draft, DraftScope, Transition
from translator.lower.titles import end_of


@dataclass
class ScopeWriter:
    """The states of one scope while they are written."""

    context: Context
    path: tuple[str, ...] = ()
    """The first nodes of this scope and of those around it, outermost first; empty for the top scope."""
    part: str = ""
    """Tells the states of the handling part from those of the normal one, which number their edges alike."""
    states: dict[str, Draft] = field(default_factory=dict)
    catching: tuple[Catching, ...] = ()
    """What catches a failure that no error edge takes; in a branch it is told on to the scope around."""

    @property
    def is_root(self) -> bool:
        """Whether it is the machine's top scope."""
        return not self.path

    def when_key(self, edge: FlowEdge) -> str:
        """The key of the state that asks for an edge's own condition."""
        return f"when:{self.part}{edge.index}"

    def add(self, draft: Draft) -> str:
        """Keeps a state; gives its key. One may be made again, for another node too, but stays what it is."""
        known = self.states.get(draft.key)
        if known is not None and (known.kind, known.origin.role) != (draft.kind, draft.origin.role):
            raise InternalError(f'two states have the key "{draft.key}": {known.origin} and {draft.origin}')
        self.states[draft.key] = draft
        return draft.key

    def end(self) -> str:
        """The state that ends the scope, for what cannot end it itself (a Choice, a Catch)."""
        key = f"end:{'/'.join(self.path)}"
        node = self.path[-1] if self.path else ""
        wish = end_of(self.context, node) if node else "End"
        return self.add(
            Draft(key, wish, Origin(self.owner(node), "join"), "succeed", success=Transition(END))
        )

    def owner(self, name: str) -> str:
        """The node that a state belongs to: of a branch with a name of its own the `parallel`."""
        is_branch = name not in self.context.nodes and len(self.path) > 1 and name == self.path[-1]
        return self.path[-2] if is_branch else name


def scope_from(writer: ScopeWriter, start: str) -> DraftScope:
    """The finished scope, without what nothing leads to."""
    if start == END:
        start = writer.end()
    start = _before_a_loop(writer, start)
    reached: dict[str, Draft] = {}
    pending = [start]
    while pending:
        key = pending.pop(0)
        if key in reached or key == END:
            continue
        draft = writer.states[key]
        reached[key] = draft
        pending.extend(transition.target for transition in draft.transitions())
    return DraftScope(start, reached)


def _before_a_loop(writer: ScopeWriter, start: str) -> str:
    """A state before the first one where that one is repeated: first values are not given again."""
    targets = {each.target for draft in writer.states.values() for each in draft.transitions()}
    if start not in targets:
        return start
    node = writer.states[start].origin.node
    draft = Draft(f"before:{'/'.join(writer.path)}", "Start", Origin(node, "entry"), "pass")
    draft.success = Transition(start)
    return writer.add(draft)
