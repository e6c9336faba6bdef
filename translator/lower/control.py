"""Regions to draft states: every node once, every transition as the structure says."""

from __future__ import annotations

from translator.asl import Origin
from translator.error_classes import EXPRESSION_FAILED
from translator.graph import ENTRY, FlowEdge, FlowNode
from translator.json_value import JsonValue
from translator.lower.arriving import arrivals_of
from translator.lower.asking import condition_of
from translator.lower.bodies import body_drafts
from translator.lower.body_failure import all_errors
from translator.lower.context import ENDED, NO_MATCH, TERMINATED, Context
from translator.lower.dispatching import fork_titles
from translator.lower.draft import END, Draft, DraftScope, Transition, expression
from translator.lower.ended import passed_by
from translator.lower.frame import Frame
from translator.lower.handled import (
    RESOLVES,
    Catching,
    failure_routes,
    handled_drafts,
    no_match_caught,
    no_match_value,
    with_handlers,
)
from translator.lower.leaving import leave
from translator.lower.node import (
    body_error_value,
    caught,
    error_value,
    node_drafts,
    terminated_drafts,
)
from translator.lower.racing import race_catcher
from translator.lower.routes import Route, Routes
from translator.lower.scope import ScopeWriter, scope_from
from translator.lower.titles import question, side_by_side
from translator.lower.trigger_arrivals import trigger_arrivals
from translator.lower.unknown_trigger import refuse_unknown_triggers
from translator.node_type import Branching, Ending, Invoking, Iterating, Starting
from translator.regions import Barrier, Concurrent, Single
from translator.resolve.handling import Handler


def draft_machine(
    context: Context, handling: Context | None = None, handlers: tuple[Handler, ...] = ()
) -> DraftScope:
    """The machine's top scope, with the branches inside its Parallel states."""
    writer = ScopeWriter(context)
    if handling is not None:
        writer.catching = _write_handling(writer, handling, handlers)
    frame = Frame(writer, context.regions, context.regions.root, trigger_arrivals(context), END)
    start = frame.entry()
    write(frame)
    return scope_from(writer, refuse_unknown_triggers(writer, start))


def _write_handling(
    writer: ScopeWriter, handling: Context, handlers: tuple[Handler, ...]
) -> tuple[Catching, ...]:
    """Writes the part that handles failures; gives what each failure of the normal part is caught by."""
    after = handled_drafts(handlers)
    for draft in after:
        writer.add(draft)
    inner = ScopeWriter(handling, part="handling/", states=writer.states)
    frame = Frame(inner, handling.regions, handling.regions.root, trigger_arrivals(handling), after[0].key)
    catching: list[Catching] = []
    differ = len({handler.resolve for handler in handlers}) > 1
    for handler in handlers:
        edge = next(edge for edge in handling.graph.outgoing[ENTRY] if edge.port == handler.port)
        item = frame.landing(edge)
        assert item is not None
        names = caught(handler.errors, handling.own_errors)
        names += (NO_MATCH, *handling.raised) if "*" in handler.errors else ()
        resolves: dict[str, JsonValue] = {RESOLVES: handler.resolve} if differ else {}
        catching.append(Catching(names, frame.enter(item, edge), resolves))
    write(frame)
    return tuple(catching)


def write(frame: Frame) -> None:
    """Writes the states of every item of a block; the order is the order people read them in."""
    for item in frame.block.items:
        if isinstance(item, Single):
            name = frame.regions.elements.names[item.element]
            if item.element in frame.regions.loops:
                _write_loop(frame, item)
            elif name is not None:
                _write_node(frame, name)
        elif isinstance(item, Concurrent) and len(item.branches) > 1:
            _write_fork(frame, item)
        else:
            _write_inner(frame, item)
    for edge in frame.single_edges():
        _write_when(frame, edge)


def _write_loop(frame: Frame, item: Single) -> None:
    """An iteration's states stand in the scope that the loop stands in; repeating is a jump."""
    inner = frame.loop_frame(item)
    assert inner.regions.loop is not None
    if frame.needs_all_test(inner.regions.loop.header):
        _write_all_test(frame, inner.regions.loop.header)
    write(inner)


def _write_inner(frame: Frame, item: Concurrent | Barrier) -> None:
    if isinstance(item, Concurrent) and not item.branches:
        return
    for inner in frame.inner(item):
        write(inner)


def _write_node(frame: Frame, name: str) -> None:
    context = frame.context
    node = context.graph.nodes[name]
    if frame.needs_all_test(name):
        _write_all_test(frame, name)
    ports = {
        port: frame.follow(edges)
        for port, edges in context.graph.ports_of(name)
        if not any(edge.is_error for edge in edges)
    }
    errors = [_error_route(frame, edge) for edge in context.graph.outgoing[name] if edge.is_error]
    if node.type.has_body:
        _write_body_node(frame, node, Routes(ports, tuple(errors), is_watched=_is_watched(frame, node)))
        return
    unmatched = context.catches_no_match(name)
    no_match = no_match_caught(frame.scope, name) if unmatched is None else _no_match_route(frame, unmatched)
    is_root = frame.scope.is_root
    routes = Routes(
        ports, tuple(errors), no_match, _is_watched(frame, node), _handlers_of_started(frame, node)
    )
    drafts = [
        with_handlers(frame.scope, each) for each in node_drafts(context, node, routes, is_root=is_root)
    ]
    for draft in passed_by(context, node, drafts, frame.follow):
        frame.scope.add(_with_states_to_end(frame, draft))


def _write_body_node(frame: Frame, node: FlowNode, routes: Routes) -> None:
    for draft in body_drafts(frame, node, routes, write):
        if draft.body is not None and frame.scope.is_root and frame.context.may_end_run(node.id):
            draft.catches.insert(0, ((TERMINATED,), _to_the_end(frame)))
        frame.scope.add(_with_states_to_end(frame, draft))


def _handlers_of_started(frame: Frame, node: FlowNode) -> tuple[Route, ...]:
    return failure_routes(frame.scope) if isinstance(node.lowering, Starting) else ()


def _is_watched(frame: Frame, node: FlowNode) -> bool:
    """Whether a handler waits for failing expressions of a node that no branch is around."""
    here = (catching for catching in frame.scope.catching if catching.path == frame.scope.path)
    names = {name for catching in here for name in catching.errors}
    catches_itself = isinstance(node.lowering, Invoking | Starting | Ending | Iterating | Branching)
    return EXPRESSION_FAILED in names and not catches_itself


def _error_route(frame: Frame, edge: FlowEdge) -> tuple[tuple[str, ...], Transition]:
    transition = frame.follow((edge,))
    variable = frame.context.names.caught
    if frame.context.graph.nodes[edge.source].type.has_body:
        transition.assign[variable] = body_error_value(edge.source)
        return all_errors(frame, edge.errors), transition
    transition.assign[variable] = error_value(edge.source)
    return caught(edge.errors, frame.context.own_errors), transition


def _no_match_route(frame: Frame, edge: FlowEdge) -> Transition:
    transition = frame.follow((edge,))
    transition.assign[frame.context.names.caught] = no_match_value(frame.context, edge.source)
    return transition


def _with_states_to_end(frame: Frame, draft: Draft) -> Draft:
    """A Choice and a Catch name a state to go to, so what ends the scope there goes through one."""
    branching = [transition for _, transition in (*draft.rules, *draft.catches)]
    if draft.kind == "choice" and draft.success is not None:
        branching.append(draft.success)
    for transition in branching:
        if transition.target == END:
            transition.target = frame.scope.end()
    return draft


def _write_all_test(frame: Frame, name: str) -> None:
    context = frame.context
    title = f"All lead to {question(context.title(name))}"
    draft = Draft(f"all:{name}", title, Origin(name, "join"), "choice")
    draft.rules = [(context.all_taken(name), Transition(f"node:{name}"))]
    draft.success = Transition(frame.after_choice())
    frame.scope.add(draft)


def _write_when(frame: Frame, edge: FlowEdge) -> None:
    context = frame.context
    title = f"{context.title(edge.source)}: on to {question(context.title(edge.target))}"
    draft = Draft(frame.scope.when_key(edge), title, Origin(edge.source, "when"), "choice")
    item = frame.landing(edge)
    if item is None:
        taken = leave(frame, edge)
        taken.target = taken.target if taken.target != END else frame.scope.end()
    else:
        taken = Transition(frame.enter(item, edge), then={context.flag(edge): True})
    draft.rules = [(condition_of(frame, edge), taken)]
    draft.success = Transition(frame.after_choice(alone=True))
    frame.scope.add(draft)


def _write_fork(frame: Frame, item: Concurrent) -> None:
    context = frame.context
    arrivals = arrivals_of(frame, item)
    scopes: list[DraftScope] = []
    for block in item.branches:
        branch, writer = frame.scope_of(block, arrivals)
        start = branch.entry()
        write(branch)
        scopes.append(scope_from(writer, start))
    origin = Origin(frame.regions.nodes_of(item.branches[0].bits)[0], "fork")
    title = side_by_side(fork_titles(frame, item))
    draft = Draft(frame.key("fork", item.bits), title, origin, "parallel", branches=scopes)
    # What leaves the branches is in variables; as the state's output it would travel a second time.
    draft.shown, draft.has_shown = {}, True
    draft.success = Transition(frame.following(item))
    catcher = race_catcher(frame, item)
    draft.catches += [catcher] if catcher is not None else []
    inside = frame.regions.nodes_of(item.bits)
    if frame.scope.is_root and any(context.may_end_run(node) for node in inside):
        draft.catches.append(((TERMINATED,), _to_the_end(frame)))
    frame.scope.add(with_handlers(frame.scope, draft))


def _to_the_end(frame: Frame) -> Transition:
    drafts = terminated_drafts(frame.context.endings)
    for draft in drafts:
        frame.scope.add(draft)
    return Transition(drafts[0].key, assign={ENDED: expression("$parse($states.errorOutput.Cause)")})
