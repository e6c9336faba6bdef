"""Which variables are still to be read: decides what leaves a branch and what need not be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final, TypeAlias

from translator.analyses.bits import Bits, union
from translator.json_value import JsonValue
from translator.lower.draft import END, Draft, DraftScope, Transition, expression, reads
from translator.lower.merging import of_branches, of_iterations
from translator.lower.numbering import Numbering
from translator.lower.passage import drafts, in_order
from translator.lower.unread import own_reads
from translator.lower.values import first_value, index_of, item_of

Output: TypeAlias = Callable[[Transition], frozenset[str]]
"""What the scope's output reads where a transition ends it."""
Won: TypeAlias = frozenset[tuple[str, Bits]]


MAX_CAUSE: Final = 32_768
"""Characters of a Fail state's Cause (AWS: Fail state)."""


@dataclass
class Liveness:
    """By scope (its identity): what is live on entry of each state, and what each branch hands out."""

    numbering: Numbering = field(default_factory=Numbering)
    """Of the variables in all sets."""
    on_entry: dict[int, dict[str, Bits]] = field(default_factory=dict)
    exports: dict[int, frozenset[str]] = field(default_factory=dict)
    handed: dict[int, tuple[tuple[Bits, Won], Bits]] = field(default_factory=dict)
    """By Parallel: what was live behind it and behind won races, and what its branches read then."""
    won: dict[str, Bits] = field(default_factory=dict)
    """By `join: first`: what the branch that ends its race gives to it."""
    merges: Mapping[str, str] = field(default_factory=dict)
    _assignable: dict[int, Bits] = field(default_factory=dict)
    _reads: dict[int, Bits] = field(default_factory=dict)

    def reads(self, value: JsonValue) -> Bits:
        """What a value reads."""
        return self.numbering.bits(reads(value))

    def assignable_in(self, scope: DraftScope) -> Bits:
        """Every variable that something in the scope, however deep, gives a value; found out once."""
        if id(scope) not in self._assignable:
            found = 0
            for draft in scope.states.values():
                for transition in draft.transitions():
                    found |= self.numbering.bits(transition.assigned)
                found |= union(self.assignable_in(branch) for branch in draft.branches)
            self._assignable[id(scope)] = found
        return self._assignable[id(scope)]

    def own_reads(self, draft: Draft) -> Bits:
        """What the state itself reads on entry; found out once."""
        if id(draft) not in self._reads:
            self._reads[id(draft)] = self.numbering.bits(own_reads(draft))
        return self._reads[id(draft)]

    def tells(self, draft: Draft, cause: str) -> None:
        """Gives a Fail state what it tells."""
        draft.fields["cause"] = cause
        self._reads.pop(id(draft), None)


def find_liveness(scope: DraftScope, output: Output, merges: Mapping[str, str]) -> Liveness:
    """Liveness of the whole machine; adds to each Parallel's success what its branches hand out.

    `merges` says of variables how values meet that were set side by side.
    """
    found = Liveness(merges=merges)
    _solve(scope, output, found)
    return found


def _solve(scope: DraftScope, output: Output, found: Liveness, exports: Bits = 0) -> None:
    """Liveness in one scope, which hands out `exports` where it ends."""
    live: dict[str, Bits] = dict.fromkeys(scope.states, 0)
    order = in_order(scope)[::-1]
    leading: dict[str, list[int]] = {key: [] for key in order}
    for index, key in enumerate(order):
        for transition in scope.states[key].transitions():
            if transition.target != END:
                leading[transition.target].append(index)
    pending, waiting = list(range(len(order))), set(order)
    while pending:
        key = order[heappop(pending)]
        waiting.discard(key)
        entry = _live_in(scope.states[key], live, output, found, exports)
        if entry == live[key]:
            continue
        live[key] = entry
        for index in leading[key]:
            if order[index] not in waiting:
                waiting.add(order[index])
                heappush(pending, index)
    found.on_entry[id(scope)] = live


def _live_in(draft: Draft, live: dict[str, Bits], output: Output, found: Liveness, exports: Bits) -> Bits:
    for _, transition in draft.catches:
        if transition.won:
            found.won[transition.won] = give_to_winner(draft, transition, live[transition.target], found)
    entry, numbering = found.own_reads(draft), found.numbering
    for transition in draft.transitions():
        at_end = transition.target == END
        behind = exports | numbering.bits(output(transition)) if at_end else live[transition.target]
        if transition.reset:
            behind &= ~numbering.known(transition.reset)
        if transition.then:
            behind = behind & ~numbering.known(transition.then) | found.reads(transition.then)
        if transition is draft.success and draft.branches:
            entry |= _hand_out(draft, behind, found, output)
        if transition.assign:
            behind = behind & ~numbering.known(transition.assign) | found.reads(transition.assign)
        entry |= behind
    return entry


def _handed(draft: Draft, branch: DraftScope, found: Liveness) -> Bits:
    """What a branch may give to what follows: a body only variables that are the same outside."""
    assigned = found.assignable_in(branch)
    return assigned if draft.body is None else assigned & found.numbering.known(draft.body.shared)


def _anew(draft: Draft, branch: DraftScope, found: Liveness) -> Bits:
    """What a body begins with as at first, so that nothing around it is read: its own names."""
    if draft.body is None:
        return 0
    assigned = found.numbering.names(found.assignable_in(branch))
    own = frozenset(name for name in assigned if not name.endswith("__caught"))
    item = draft.body.iterating
    given = frozenset() if item is None else frozenset({item_of(item), index_of(item)})
    return found.numbering.bits((own - draft.body.shared) | given)


def _merged(draft: Draft, name: str, branches: list[int], found: Liveness) -> str:
    how = found.merges.get(name)
    if draft.kind == "map" and how is not None:
        return of_iterations(name, how)
    return of_branches(name, branches, how)


def _hand_out(draft: Draft, behind: Bits, found: Liveness, output: Output) -> Bits:
    """Decides what each branch gives to what follows; gives what the branches themselves read."""
    known, asked = found.handed.get(id(draft)), (behind, frozenset(found.won.items()))
    if known is not None and known[0] == asked:
        return known[1]
    exposed = 0
    sources: dict[str, list[int]] = {}
    for index, branch in enumerate(draft.branches):
        exports = behind & _handed(draft, branch, found)
        found.exports[id(branch)] = found.numbering.names(exports)
        for name in found.exports[id(branch)]:
            sources.setdefault(name, []).append(index)
        _solve(branch, output, found, exports)
        exposed |= found.on_entry[id(branch)][branch.start] & ~_anew(draft, branch, found)
    # What executions give is written apart; the function that gathers it gives the variables, too.
    is_written = draft.body is not None and draft.body.distributed is not None
    if draft.success is not None and not is_written:
        for name in sorted(sources):
            draft.success.assign[name] = expression(_merged(draft, name, sources[name], found))
    found.handed[id(draft)] = (asked, exposed)
    return exposed


def give_to_winner(draft: Draft, caught: Transition, behind: Bits, found: Liveness) -> Bits:
    """Lets every branch that ends the race tell what is live behind it in its Cause; gives what that is."""
    told = behind & ~found.numbering.known(caught.then)
    told &= union(found.assignable_in(branch) for branch in draft.branches)
    names = sorted(found.numbering.names(told))
    caught.assign.update({name: expression(f"$parse($states.errorOutput.Cause).{name}") for name in names})
    for branch in draft.branches:
        for inner in drafts(branch):
            if inner.wins == caught.won and names:
                found.tells(inner, expression(_told(names)))
    return told


def _told(names: Sequence[str]) -> str:
    """The values as JSON; too much of it is refused rather than cut off by the service."""
    values = ", ".join(f'"{name}": ${name}' for name in names)
    limit = f"what leaves a race has more than {MAX_CAUSE} characters as JSON"
    return (
        f"($values__ := $string({{{values}}}); "
        f'$length($values__) > {MAX_CAUSE} ? $error("{limit}") : $values__)'
    )


def write_resets(scope: DraftScope, liveness: Liveness) -> None:
    """Makes assignments of what a new iteration finds as at first and may read before it is given again."""
    live = liveness.on_entry[id(scope)]
    for draft in scope.states.values():
        for transition in draft.transitions():
            if transition.reset:
                read = liveness.numbering.known(transition.reset) & live.get(transition.target, 0)
                for name in sorted(liveness.numbering.names(read)):
                    transition.then[name] = first_value(name)
                transition.reset = frozenset()
        for branch in draft.branches:
            write_resets(branch, liveness)
