"""WF375 and WF376: sub-runs that are tried again by class, and a workflow that runs itself without end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.analyses.order import forward_order
from translator.checks.facts import Facts
from translator.definition.model import RetryPreset
from translator.diagnostics import Diagnostic, Severity
from translator.graph import ENTRY, FlowEdge, FlowGraph, FlowNode
from translator.node_type import Starting

RETRY_BY_CLASS: Final = "WF375"
RUNS_ITSELF: Final = "WF376"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with each node that starts runs."""
    for index, node in facts.numbered_nodes():
        if not isinstance(node.lowering, Starting):
            continue
        if not _retries_all_alike(node):
            message = f'node "{node.id}" is tried again by error class, and runs another workflow'
            hint = 'write one entry with errors: ["*"], or give the retry policy to that workflow\'s nodes'
            position = facts.resolved.positions.at(f"/nodes/{index}/retry_policy")
            yield Diagnostic(RETRY_BY_CLASS, message, hint, position)
        if node.lowering.workflow == facts.resolved.definition.id and _always_runs(facts, node):
            message = f'node "{node.id}" runs this same workflow in every run: it never comes to an end'
            hint = "put a condition before it, or a `when` on an edge that leads to it"
            yield Diagnostic(RUNS_ITSELF, message, hint, node.position, Severity.WARNING)


def _retries_all_alike(node: FlowNode) -> bool:
    """Whether its policy asks nothing of Step Functions that it cannot tell: how the other run failed."""
    policy = node.definition.retry_policy
    if isinstance(policy, RetryPreset):
        return policy.preset == "none"
    return not policy or (len(policy) == 1 and policy[0].errors == ("*",))


def _always_runs(facts: Facts, node: FlowNode) -> bool:
    """Whether it runs whatever is decided, if the trigger fires that it starts the next run by."""
    graph, lowering = facts.resolved.graph, node.lowering
    assert isinstance(lowering, Starting)
    if not facts.is_structured or node.id not in graph.nodes:
        return False
    fired = [lowering.trigger] if lowering.trigger in graph.triggers else list(graph.triggers)
    return all(node.id in _certain(facts, graph, trigger) for trigger in fired)


def _certain(facts: Facts, graph: FlowGraph, trigger: str) -> set[str]:
    certain: set[str] = set()
    for name in forward_order(graph, facts.loops.turning):
        into = facts.forward(name)
        taken = [_is_certain(graph, edge, certain, trigger) for edge in into]
        entered = any(edge.source == ENTRY and edge.port == trigger for edge in into)
        if entered or (all(taken) if graph.nodes[name].join == "all" else any(taken)):
            certain.add(name)
    return certain


def _is_certain(graph: FlowGraph, edge: FlowEdge, certain: set[str], trigger: str) -> bool:
    if edge.source == ENTRY:
        return edge.port == trigger
    is_only_way = len(graph.nodes[edge.source].ports) == 1 and not edge.is_error
    return edge.source in certain and is_only_way and edge.when is None
