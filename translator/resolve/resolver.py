"""Binds a definition to the node types and builds its graph, in an order that its file does not decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from translator import nodes as node_types
from translator.analyses.order import reached
from translator.definition.model import Edge, Node, WorkflowDefinition
from translator.definition.positions import Positions
from translator.diagnostics import Diagnostic
from translator.graph import ENTRY, ERROR, OUT, FlowEdge, FlowGraph, FlowNode
from translator.node_type import NodeType
from translator.resolve.later import refuse_what_comes_later
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
    graph: FlowGraph
    uses: tuple[Use, ...]
    diagnostics: tuple[Diagnostic, ...]
    positions: Positions


def resolve(definition: WorkflowDefinition, positions: Positions) -> Resolved:
    """Types every node, binds every edge and every name. Total: mistakes become diagnostics."""
    report = Report(positions)
    refuse_what_comes_later(definition, report)
    found = dict(sorted(_typed_nodes(definition, report)))
    entries = (edge for edge in _trigger_edges(definition, report) if edge.target in found)
    edges = [*entries, *_edges(definition, found, report)]
    graph = _graph(definition, found, edges)
    uses = find_uses(definition, report)
    kept = reached(graph)
    if not report.has_errors:
        # What is left out because of a mistake would make the nodes behind it look unreached.
        _report_unreached(definition, found, kept, report)
    graph = _graph(
        definition,
        {name: node for name, node in found.items() if name in kept},
        [edge for edge in edges if edge.source in kept or edge.source == ENTRY],
    )
    uses = tuple(use for use in uses if use.reader in kept or use.reader.startswith("$"))
    return Resolved(definition, graph, uses, tuple(report.diagnostics), positions)


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
                lowering=node_type.lower(node.parameters),
                ports=node_type.ports(node.parameters),
                position=report.positions.at(pointer),
            ),
        )


def _type_of(node: Node, pointer: str, report: Report) -> NodeType | None:
    try:
        return node_types.load(node.type)
    except KeyError:
        near = get_close_matches(node.type, node_types.names(), n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(node_types.names())}"
        message = f'node "{node.id}" is of type "{node.type}", which is no node type'
        report.error(UNKNOWN_TYPE, message, hint, f"{pointer}/type")
        return None


def _trigger_edges(definition: WorkflowDefinition, report: Report) -> Iterator[FlowEdge]:
    targets = {edge.to for edge in definition.edges}
    first = sorted(node.id for node in definition.nodes if node.id not in targets)
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
        for node in [trigger.entry] if trigger.entry is not None else first:
            yield FlowEdge(0, ENTRY, trigger.id, node, report.positions.at(pointer))


def _edges(
    definition: WorkflowDefinition, found: Mapping[str, FlowNode], report: Report
) -> Iterator[FlowEdge]:
    ids = {node.id for node in definition.nodes}
    for index, edge in enumerate(definition.edges):
        pointer = f"/edges/{index}"
        if not _is_bound(edge, ids, pointer, report) or edge.from_ not in found or edge.to not in found:
            continue
        if not _port_exists(edge, found[edge.from_], pointer, report):
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
    near = get_close_matches(name, sorted(ids), n=1)
    return f'did you mean "{near[0]}"?' if near else "name an existing node, or add one of that id"


def _port_exists(edge: Edge, node: FlowNode, pointer: str, report: Report) -> bool:
    ports = [*node.ports, *([ERROR] if node.type.can_fail() else [])]
    if edge.port in ports:
        return True
    message = f'node "{node.id}" (type "{node.type.name}") has no port "{edge.port}"'
    listed = ", ".join(f'"{port}"' for port in ports)
    hint = f"its ports are {listed}" if ports else "nothing can follow it"
    given = "port" if edge.port != OUT else "from"
    report.error(UNKNOWN_PORT, message, hint, f"{pointer}/{given}")
    return False


def _graph(definition: WorkflowDefinition, found: Mapping[str, FlowNode], edges: list[FlowEdge]) -> FlowGraph:
    """Edges in an order of their own, error edges of a node numbered: what names errors before `*`."""
    triggers = tuple(trigger.id for trigger in definition.triggers) or (MANUAL,)
    ordered = sorted(edges, key=_order)
    numbered: list[FlowEdge] = []
    errors: dict[str, int] = {}
    for edge in ordered:
        port = edge.port
        if port.split(":")[0] == ERROR:
            port = f"{ERROR}:{errors.setdefault(edge.source, 0)}"
            errors[edge.source] += 1
        numbered.append(replace(edge, index=len(numbered), port=port))
    return FlowGraph(definition.id, found, tuple(numbered), tuple(sorted(triggers)))


def _order(edge: FlowEdge) -> tuple[str, str, bool, tuple[str, ...], str, str]:
    catches_all = not edge.errors or "*" in edge.errors
    return (edge.source, edge.port, catches_all, edge.errors, edge.target, edge.when or "")


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
