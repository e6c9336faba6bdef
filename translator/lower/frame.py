"""One block inside one scope: where each arrival goes, and what follows each of its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from translator.graph import FlowEdge
from translator.lower.arrival import Arrival
from translator.lower.arriving import arrivals_after, arrivals_at, arrivals_of
from translator.lower.asking import guarded, is_settled_before
from translator.lower.certainty import Certainty
from translator.lower.context import Context
from translator.lower.dispatching import dispatch, grouped
from translator.lower.draft import END, Transition
from translator.lower.leaving import after_iteration, leave
from translator.lower.racing import follow_the_first, outlasting, precedence, race_of, won
from translator.lower.scope import ScopeWriter
from translator.regions import Barrier, Block, Concurrent, Item, Regions, Single


@dataclass
class Frame:
    """A block, the ways in which it starts, and the key of what follows its end (END: the scope ends)."""

    scope: ScopeWriter
    regions: Regions
    block: Block
    arrivals: tuple[Arrival, ...]
    after: str
    around: Frame | None = None
    """Of a loop's iteration: the frame that the loop is an item of."""
    outer: Frame | None = None
    """The frame that the block is a part of, in the same part of the graph."""
    _inner: dict[int, tuple[Frame, ...]] = field(default_factory=dict)
    _following: dict[int, str] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        """The workflow being lowered."""
        return self.scope.context

    @cached_property
    def certainty(self) -> Certainty:
        """Asks about what must come out of a part of the frame."""
        if self.outer is not None:
            return self.outer.certainty
        return Certainty(self.context.graph, self.regions, self.context.back)

    def landing(self, edge: FlowEdge) -> Item | None:
        """The item that a taken edge starts, None if it is outside the block."""
        item, beyond = self.held(edge), self.beyond(edge)
        if item is None or isinstance(item, Single):
            return beyond
        return item if beyond is None or race_of(self, edge) is None else beyond

    def held(self, edge: FlowEdge) -> Item | None:
        """The item that an edge itself belongs to, None if it is outside the block."""
        element = self.regions.elements.edges.get(edge.index)
        return None if element is None else self.block.item_of.get(element)

    def beyond(self, edge: FlowEdge) -> Item | None:
        """The item that holds an edge's target, None if it is outside the block."""
        target = self.regions.elements.target(edge)
        return None if target is None else self.block.item_of.get(target)

    def entry(self) -> str:
        """The key of the state that starts the block."""
        edges = [self.context.graph.edges[index] for index in sorted(self._arriving())]
        groups = grouped(self, ((edge, self.landing(edge)) for edge in edges))

        def is_sure(group: frozenset[int]) -> bool:
            return all(arrival.surely_takes(group) for arrival in self.arrivals)

        return dispatch(self, self.key("entry", self.block.bits), groups, is_sure)

    def _arriving(self) -> frozenset[int]:
        return frozenset().union(*(arrival.sure | arrival.maybe for arrival in self.arrivals))

    def key(self, kind: str, bits: int) -> str:
        """The key of a state that belongs to a part of this block."""
        loop = self.regions.loop.header if self.regions.loop is not None else ""
        first = (bits & -bits).bit_length() - 1
        return f"{kind}:{self.scope.part}{loop}:{first}:{bits >> first:x}"

    def after_choice(self, *, alone: bool = False) -> str:
        """Where a Choice goes that goes nowhere in the block; one that stands alone takes no edge then."""
        return self.state_at(self.after_nothing() if alone else self.after)

    def after_nothing(self) -> str:
        """What follows where what stands alone in the block ends and takes no edge.

        Then no edge out of the loop around was taken either: one that could be would run beside it.
        """
        return self.after if self.around is None else self.around.after_nothing()

    def state_at(self, target: str) -> str:
        """A state to name where a Choice needs one."""
        return target if target != END else self.scope.end()

    def enter(self, item: Item, edge: FlowEdge) -> str:
        """The key of the state that an edge leads to in an item."""
        return self.arrive(edge.target) if isinstance(item, Single) else self.start(item)

    def arrive(self, node: str) -> str:
        """The key that decides about a node of the block: the node itself, or its `all` test."""
        return f"all:{node}" if self.needs_all_test(node) else f"node:{node}"

    def needs_all_test(self, node: str) -> bool:
        """Whether a `join: all` is not already certain to have all its edges taken."""
        graph, elements = self.context.graph, self.regions.elements
        incoming = self.context.forward(node)
        begins = self.regions.loop is not None and self.regions.loop.header == node
        if begins or graph.nodes[node].join != "all" or len(incoming) < 2:
            return False
        (place, *others) = {self.block.place_of.get(elements.edges[edge.index]) for edge in incoming}
        if others or place is None or isinstance(self.block.items[place], Single):
            return True
        item = self.block.items[place]
        goals = [frozenset({edge.index}) for edge in incoming]
        reached = self.certainty.reached(item.bits, arrivals_of(self, item), goals)
        return reached.bit_count() < len(goals)

    def start(self, item: Item) -> str:
        """The key of the state that starts a part with several elements."""
        if isinstance(item, Single):
            name = self.regions.elements.names[item.element]
            return self.arrive(name) if name is not None else self.after
        if isinstance(item, Concurrent) and len(item.branches) > 1:
            return self.key("fork", item.bits)
        if isinstance(item, Concurrent) and not item.branches:
            return self.following(item)
        return self.inner(item)[0].entry()

    def inner(self, item: Concurrent | Barrier) -> tuple[Frame, ...]:
        """The frames of a part that runs in this same scope: a lone branch, or both sides of a barrier."""
        if item.bits not in self._inner:
            self._inner[item.bits] = tuple(self._inner_frames(item))
        return self._inner[item.bits]

    def _inner_frames(self, item: Concurrent | Barrier) -> list[Frame]:
        arrivals, following = arrivals_of(self, item), self.following(item)
        if isinstance(item, Concurrent):
            (branch,) = item.branches
            return [self._within(branch, arrivals_at(self, branch, arrivals), following)]
        second = self._within(item.second, arrivals_after(self, item, arrivals), following)
        first = arrivals_at(self, item.first, arrivals)
        return [self._within(item.first, first, second.entry()), second]

    def _within(self, block: Block, arrivals: tuple[Arrival, ...], after: str) -> Frame:
        return Frame(self.scope, self.regions, block, arrivals, after, outer=self)

    def following(self, item: Item) -> str:
        """The key of what comes after a part: where its taken exits lead in this block, else its end."""
        if item.bits not in self._following:
            self._following[item.bits] = self._dispatch_after(item)
        return self._following[item.bits]

    def _dispatch_after(self, item: Item) -> str:
        certainty = self.certainty
        exits = outlasting(self, item, certainty.exits(item.bits))
        at = self.landing if isinstance(item, Single) else self.beyond
        winning = [edge for edge in exits if isinstance(item, Single) and won(self, edge) is not None]
        groups = grouped(self, ((edge, at(edge)) for edge in exits if edge not in winning))

        def is_sure(group: frozenset[int]) -> bool:
            return certainty.leaves(item.bits, arrivals_of(self, item), group)

        leaving = sorted(winning, key=lambda edge: -precedence(self, [edge]))
        leaving += [edge for edge in exits if at(edge) is None and self._decides_outside(item, edge)]
        return dispatch(self, self.key("after", item.bits), groups, is_sure, leaving)

    def _decides_outside(self, item: Item, edge: FlowEdge) -> bool:
        """Whether an edge out of an inner loop repeats or leaves the loop around this block."""
        decides = isinstance(item, Single) and self.around is not None and self.stands_alone(edge)
        return decides and won(self, edge) is None

    def follow(self, edges: tuple[FlowEdge, ...]) -> Transition:
        """The transition of a node's port with these edges, all taken but for their own conditions."""
        return guarded(self, edges, self._way(edges))

    def _way(self, edges: tuple[FlowEdge, ...]) -> Transition:
        if any(won(self, edge) is not None for edge in edges):
            return follow_the_first(self, edges)
        flags = {self.context.flag(edge): self.context.flag_value(edge) for edge in edges}
        if not edges:
            return Transition(self.after_nothing())
        inside = [edge for edge in edges if self.landing(edge) is not None]
        here = inside or edges
        alone = here[0] if len(here) == 1 and self.stands_alone(here[0]) else None
        if alone is not None and alone.when is not None and self._leads_on(alone):
            if not is_settled_before(self, alone):
                flags.pop(self.context.flag(alone))
            return Transition(self.scope.when_key(alone), then={**flags})
        if alone is not None and not inside:
            return leave(self, alone)
        if not inside:
            return Transition(self.after, then={**flags})
        item = self.landing(inside[0])
        assert item is not None
        assert all(self.landing(other) is item for other in inside), "the edges of one port start one part"
        return Transition(self.enter(item, inside[0]), then={**flags})

    def stands_alone(self, edge: FlowEdge) -> bool:
        """Whether nothing in the block runs beside the edge."""
        element = self.regions.elements.edges[edge.index]
        return isinstance(self.block.item_of.get(element), Single)

    def _leads_on(self, edge: FlowEdge) -> bool:
        """Whether taking the edge or not decides at once where to go."""
        return self.landing(edge) is not None or self.around is not None

    def loop_frame(self, item: Single) -> Frame:
        """The frame of an iteration of a loop that is an item of this block."""
        if item.bits not in self._inner:
            regions = self.regions.loops[item.element]
            self._inner[item.bits] = (Frame(self.scope, regions, regions.root, (), "", self),)
            self._inner[item.bits][0].after = after_iteration(self, self._inner[item.bits][0], item)
        return self._inner[item.bits][0]

    def scope_of(self, block: Block, arrivals: tuple[Arrival, ...]) -> tuple[Frame, ScopeWriter]:
        """A new scope for a branch that runs beside others."""
        first = self.regions.nodes_of(block.bits)[0]
        writer = ScopeWriter(
            self.context, (*self.scope.path, first), self.scope.part, catching=self.scope.catching
        )
        return Frame(writer, self.regions, block, arrivals_at(self, block, arrivals), END, outer=self), writer

    def single_edges(self) -> list[FlowEdge]:
        """The conditional edges that stand alone in the block, leave one of its nodes and decide here."""
        elements = self.regions.elements
        found = [elements.flow_edges[item.element] for item in self.block.items if isinstance(item, Single)]
        own = {name for item in self.block.items for name in self._own_names(item)}
        conditional = [edge for edge in found if edge is not None and edge.when is not None]
        return [edge for edge in conditional if edge.source in own and self._leads_on(edge)]

    def _own_names(self, item: Item) -> tuple[str, ...]:
        """The nodes of the block itself, not of a loop in it."""
        if isinstance(item, Single) and item.element not in self.regions.loops:
            return self.regions.elements.contents[item.element]
        return ()
