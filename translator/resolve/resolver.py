"""Binds a definition to the node types and builds its graph, in an order that its file does not decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from translator import nodes as node_types
from translator.analyses.order import reached
from translator.definition.model import Edge, Node, WorkflowDefinition
from translator.definition.positions import Positions
from translator.diagnostics import Diagnostic
from translator.diagnostics.nearest import nearest
from translator.graph import ENTRY, ERROR, OUT, FlowEdge, FlowGraph, FlowNode
from translator.node_type import Invoking, Lowering, NodeType, Passing
from translator.resolve.bodies import Bodies, Body
from translator.resolve.first import first_nodes
from translator.resolve.handling import Handling, find_handling
from translator.resolve.later import refuse_what_comes_later
from translator.resolve.nesting import (
    CROSSING,
    Nesting,
    check_handlers,
    check_nesting,
    crosses,
    find_nesting,
    report_crossing,
)
from translator.resolve.parameters import check_parameters
from translator.resolve.report import Report
from translator.resolve.uses import Use, find_uses

UNKNOWN_TYPE = "WF201"
DANGLING_EDGE = "WF206"
UNKNOWN_PORT = "WF207"
UNKNOWN_ENTRY = "WF208"
WHEN_ON_ERROR = "WF209"
UNREACHED = "WF301"
MANUAL = "manual"


@dataclass(frozen=True)
class Resolved:
    """The graph of what some trigger reaches, and everything that its expressions read.

    Where a diagnostic is an error the graph holds what could be bound.
    """

    definition: WorkflowDefinition
    positions: Positions
    nodes: Mapping[str, FlowNode]
    """Every node that could be typed, also those that no trigger reaches."""
    graph: FlowGraph
    handling: Handling | None
    """What runs after a failure that no error edge took."""
    bodies: Mapping[str, Body]
    """By body node that runs what is inside it."""
    nesting: Nesting
    uses: tuple[Use, ...]
    """What the nodes of the graph read."""
    names_read: frozenset[str]
    """What any node reads."""
    diagnostics: tuple[Diagnostic, ...]


def resolve(definition: WorkflowDefinition, positions: Positions) -> Resolved:
    """Types every node, binds every edge and every name. Total: mistakes become diagnostics."""
    report = Report(positions)
    refuse_what_comes_later(definition, report)
    found = dict(sorted(_typed_nodes(definition, report), key=lambda named: named[0]))
    nesting = find_nesting(definition)
    check_nesting(definition, nesting, report)
    check_handlers(definition, nesting, report)
    entries = (edge for edge in _trigger_edges(definition, nesting, report) if edge.target in found)
    edges = [*entries, *_edges(definition, found, nesting, report)]
    triggers = tuple(sorted(trigger.id for trigger in definition.triggers)) or (MANUAL,)
    top = {name: node for name, node in found.items() if name in nesting.inside(None)}
    graph = FlowGraph.ordered(definition.id, top, [edge for edge in edges if edge.target in top], triggers)
    uses = find_uses(definition, nesting, report)
    normal = reached(graph)
    handling = find_handling(definition, top, graph.edges, normal, report)
    bodies = Bodies(definition, nesting, found, edges, report)
    kept = bodies.find(normal | (handling.graph.nodes.keys() if handling else frozenset()))
    if not report.has_errors:
        # What is left out because of a mistake would make the nodes behind it look unreached.
        _report_unreached(definition, found, kept if normal else frozenset(), report)
    graph = FlowGraph.ordered(
        definition.id,
        {name: node for name, node in top.items() if name in normal},
        [edge for edge in graph.edges if edge.source in normal or edge.source == ENTRY],
        triggers,
    )
    return Resolved(
        definition,
        positions,
        found,
        graph,
        handling,
        bodies.bodies,
        nesting,
        tuple(use for use in uses if use.reader in kept or use.reader.startswith("$")),
        frozenset(use.name for use in uses),
        report.in_order(),
    )


def _typed_nodes(definition: WorkflowDefinition, report: Report) -> Iterator[tuple[str, FlowNode]]:
    for index, node in enumerate(definition.nodes):
        pointer = f"/nodes/{index}"
        node_type = _type_of(node, pointer, report)
        if node_type is None or not check_parameters(node, node_type, pointer, report):
            continue
        name = node.name or node.id.replace("_", " ").capitalize()
        yield (
            node.id,
            FlowNode(
                id=node.id,
                name=name,
                definition=node,
                type=node_type,
                lowering=_lowering(node, node_type),
                ports=node_type.ports(node.parameters),
                position=report.positions.at(pointer),
            ),
        )


def _lowering(node: Node, node_type: NodeType) -> Lowering:
    """What the node compiles to; a value for which it asks for a function's resources is evaluated there."""
    lowering = node_type.lower(node.parameters)
    if isinstance(lowering, Passing) and not lowering.assign and node.resources is not None:
        return Invoking(lowering.output, is_evaluation=True)
    return lowering


def _type_of(node: Node, pointer: str, report: Report) -> NodeType | None:
    try:
        return node_types.load(node.type)
    except KeyError:
        near = nearest(node.type, node_types.names())
        hint = f'did you mean "{near}"?' if near else f"there are: {', '.join(node_types.names())}"
        message = f'node "{node.id}" is of type "{node.type}", which is no node type'
        report.error(UNKNOWN_TYPE, message, hint, f"{pointer}/type")
        return None


def _trigger_edges(definition: WorkflowDefinition, nesting: Nesting, report: Report) -> Iterator[FlowEdge]:
    first = first_nodes(definition)
    ids = {node.id for node in definition.nodes}
    if not definition.triggers:
        for node in first:
            yield FlowEdge(0, ENTRY, MANUAL, node, report.positions.at("/nodes"))
    for index, trigger in enumerate(definition.triggers):
        pointer = f"/triggers/{index}"
        if trigger.entry is not None and trigger.entry not in ids:
            message = f'trigger "{trigger.id}" enters "{trigger.entry}", which is no node'
            report.error(UNKNOWN_ENTRY, message, _near(trigger.entry, ids), f"{pointer}/entry")
            continue
        body = None if trigger.entry is None else nesting.parent(trigger.entry)
        if body is not None:
            message = f'trigger "{trigger.id}" enters "{trigger.entry}", which is in the body of "{body}"'
            report.error(CROSSING, message, f'enter "{body}", which runs its body', f"{pointer}/entry")
            continue
        for node in [trigger.entry] if trigger.entry is not None else first:
            yield FlowEdge(0, ENTRY, trigger.id, node, report.positions.at(pointer))


def _edges(
    definition: WorkflowDefinition, found: Mapping[str, FlowNode], nesting: Nesting, report: Report
) -> Iterator[FlowEdge]:
    ids = {node.id for node in definition.nodes}
    for index, edge in enumerate(definition.edges):
        pointer = f"/edges/{index}"
        is_bound = _is_bound(edge, ids, pointer, report)
        source = found.get(edge.from_)
        if source is None:
            _check_port_of_untyped(definition, edge, pointer, report)
            continue
        if not _port_exists(edge, source.type, source.ports, pointer, report):
            continue
        if not is_bound or edge.to not in found:
            continue
        if crosses(edge.from_, edge.to, nesting):
            report_crossing(edge.from_, edge.to, pointer, nesting, report)
            continue
        yield FlowEdge(
            0, edge.from_, edge.port, edge.to, report.positions.at(pointer), edge.when, edge.errors or ()
        )


def _is_bound(edge: Edge, ids: set[str], pointer: str, report: Report) -> bool:
    bound = True
    for end, name, field in (("from", edge.from_, "from"), ("to", edge.to, "to")):
        if name not in ids:
            message = f'edge "{edge.from_}" → "{edge.to}" goes {end} "{name}", which is no node'
            report.error(DANGLING_EDGE, message, _near(name, ids), f"{pointer}/{field}")
            bound = False
    if edge.port == ERROR and edge.when is not None:
        message = f'the error edge "{edge.from_}" → "{edge.to}" has a `when`'
        hint = "choose by `errors`, or put a condition node behind it"
        report.error(WHEN_ON_ERROR, message, hint, f"{pointer}/when")
    return bound


def _near(name: str, ids: set[str]) -> str:
    near = nearest(name, ids)
    return f'did you mean "{near}"?' if near else "name an existing node, or add one of that id"


def _check_port_of_untyped(definition: WorkflowDefinition, edge: Edge, pointer: str, report: Report) -> None:
    """An edge from a node with a mistake of its own, if its type has the same ports whatever it is given."""
    for node in definition.nodes:
        if node.id == edge.from_ and node.type in node_types.names():
            node_type = node_types.load(node.type)
            if type(node_type).ports is NodeType.ports:
                _port_exists(edge, node_type, (OUT,), pointer, report)


def _port_exists(
    edge: Edge, node_type: NodeType, own_ports: tuple[str, ...], pointer: str, report: Report
) -> bool:
    ports = [*own_ports, *([ERROR] if node_type.can_fail() else [])]
    if edge.port in ports:
        return True
    message = f'node "{edge.from_}" (type "{node_type.name}") has no port "{edge.port}"'
    listed = ", ".join(f'"{port}"' for port in ports)
    hint = f"its ports are {listed}" if ports else "nothing can follow it"
    given = "port" if edge.port != OUT else "from"
    report.error(UNKNOWN_PORT, message, hint, f"{pointer}/{given}")
    return False


def _report_unreached(
    definition: WorkflowDefinition, found: Mapping[str, FlowNode], kept: frozenset[str], report: Report
) -> None:
    if not kept:
        hint = "name the first node as the `entry` of a trigger, or remove the edge that leads back to it"
        report.error(UNREACHED, "no node can be the first one: each follows another", hint, "/nodes")
        return
    for index, node in enumerate(definition.nodes):
        if node.id in found and node.id not in kept:
            message = f'no trigger reaches node "{node.id}": it is left out'
            hint = "lead an edge to it, or remove it"
            report.warning(UNREACHED, message, hint, f"/nodes/{index}")
