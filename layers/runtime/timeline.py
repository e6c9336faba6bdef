"""Turns an execution's history into the timeline of its nodes, by the source map of the compiled machine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, Final

from layers.runtime.chains import ChainedRun, chained_runs
from layers.runtime.history import Event, Raised, Visit, read_history
from layers.runtime.inside import Inside, assigned_output, has_done_its_work, runs_inside
from layers.runtime.json_value import JsonValue, json_or_none
from layers.runtime.node_run import (
    NodeIteration,
    NodeRun,
    NodeStatus,
    iso_time,
    readable_cause,
    seconds_between,
)
from layers.runtime.repeated import Failure, Stays, ended_with_its_body

__all__ = [
    "OWN_WORK",
    "NodeRun",
    "build_timeline",
    "iso_time",
    "readable_cause",
    "seconds_between",
    "skipped_nodes",
]

OWN_WORK: Final = frozenset({"task", "choice", "pass", "wait", "body"})
"""The roles of states that do a node's own work; `end` does so for nodes that have none of these."""
FORKS: Final = "fork"
"""The role of Parallels that belong to no node: what fails in their own expressions is no node's failure."""
HANDS_ON: Final = "join"
"""The role of states that serve several nodes: a Fail of this role hands on what failed elsewhere."""
NO_MATCH: Final = "NoMatch"
"""The error of a condition that nothing fits."""


def build_timeline(events: Sequence[Event], source_map: Mapping[str, Any]) -> tuple[NodeRun, ...]:
    """The runs of all nodes that were entered, in order of start.

    `events` are the execution's history (boto3's GetExecutionHistory) from its beginning, `source_map`
    is SourceMap.to_json() of the version that ran. States that serve the machine only are left out, unless
    one of them fails for its node. A node whose work another state does has a run of no duration, when that
    state is entered or left.
    """
    visits = read_history(events)
    inside = [
        (begun, _placed(run, visit, source_map))
        for visit in visits
        for begun, run in _runs_inside(visit, source_map)
    ]
    started = sorted([*inside, *_own_runs(visits, source_map)], key=itemgetter(0))
    return tuple(run for _, run in started)


def _placed(run: NodeRun, visit: Visit, source_map: Mapping[str, Any]) -> NodeRun:
    """The run with the iterations that the state it took place in stands in."""
    if not visit.iterations:
        return run
    states = source_map["states"]
    iterations = (
        NodeIteration(states.get(one.state, {}).get("node", ""), one.index, one.item)
        for one in visit.iterations
    )
    return replace(run, iterations=tuple(iterations))


def _own_runs(visits: Sequence[Visit], source_map: Mapping[str, Any]) -> Iterable[tuple[int, NodeRun]]:
    nodes, states = source_map["nodes"], source_map["states"]
    own = _own_states(source_map)
    runs: list[NodeRun] = []
    began: list[int] = []
    ports: dict[str, JsonValue] = {}
    stays = Stays()
    on_the_way: list[Failure] = []
    # What a Fail raises is told of one of several that fail together, and is the same for all of them.
    raised = {visit.state: visit.raised for visit in visits if visit.raised is not None}
    for visit in visits:
        node = states.get(visit.state, {}).get("node")
        if node not in nodes:
            continue
        ports |= _chosen_port(visit, node)
        if "chain" in states[visit.state]:
            continue
        if states[visit.state]["role"] == "gather":
            _end_latest(runs, _node_run(visit, node, nodes[node]))
            continue
        if has_done_its_work(visit, states[visit.state]):
            on_the_way.extend(_failure_of(visit, node, source_map))
            visit = replace(visit, failure=None)  # noqa: PLW2901 (the state did its own node's work well)
        if states[visit.state]["role"] == "body":
            visit.failure = visit.failure or visit.failed_within
        stays.note(visit)
        is_asked = states[visit.state]["role"] == "body" and visit.kind == "Choice"
        if is_asked or (visit.failure is not None and stays.is_open(visit, node)):
            run = _placed(_node_run(visit, node, nodes[node]), visit, source_map)
            run = replace(run, output=json_or_none(stays.result(visit, node)))
            place = stays.place(visit, node, len(runs))
            if place < len(runs):
                runs[place] = replace(run, started_at=runs[place].started_at)
            else:
                runs.append(run)
                began.append(visit.entered_by)
        elif visit.state in own or (visit.failure is not None and states[visit.state]["role"] != FORKS):
            run = _placed(_node_run(visit, node, nodes[node]), visit, source_map)
            runs.append(_through_port(run, ports[node]) if node in ports else run)
            began.append(visit.entered_by)
        elif visit.kind == "Fail" and states[visit.state]["role"] != HANDS_ON:
            _fail_latest(runs, _placed(_node_run(visit, node, nodes[node]), visit, source_map), raised)
    for place in stays.open.values():
        runs[place] = ended_with_its_body(place, runs, on_the_way, nodes)
    return zip(began, runs, strict=True)


def _failure_of(visit: Visit, node: str, source_map: Mapping[str, Any]) -> Iterator[Failure]:
    """What failed in a state that did its own node's work well, as the `when` of an edge."""
    if visit.failure is not None and visit.ended_at is not None:
        placed = _placed(_node_run(visit, node, source_map["nodes"][node]), visit, source_map)
        yield Failure(node, placed.iterations, visit.ended_at, *visit.failure)


def _runs_inside(visit: Visit, source_map: Mapping[str, Any]) -> Iterator[tuple[int, NodeRun]]:
    place, nodes = source_map["states"].get(visit.state, {}), source_map["nodes"]
    for inside in runs_inside(visit, place):
        yield inside.begun_by, _run_inside(inside, visit.state, nodes[inside.node])
    if "chain" in place:
        is_fine = visit.failure is None or has_done_its_work(visit, place)
        own = replace(visit, failure=None) if is_fine else visit
        for run in chained_runs(own, place["chain"], _answers(visit)):
            yield run.begun_by, _chained_run(run, visit, nodes[run.node])


def _answers(visit: Visit) -> Mapping[str, Any] | None:
    result = json_or_none(visit.result)
    payload = result.get("Payload") if isinstance(result, Mapping) else None
    answers = payload.get("chain") if isinstance(payload, Mapping) else None
    return answers if isinstance(answers, Mapping) else None


def _chained_run(run: ChainedRun, visit: Visit, about: Mapping[str, str]) -> NodeRun:
    document = json_or_none(visit.parameters)
    payload = document.get("Payload") if isinstance(document, Mapping) else None
    links = payload.get("chain") if isinstance(payload, Mapping) else None
    every = [one for one in links if isinstance(one, dict)] if isinstance(links, list) else []
    own = next((one for one in every if one.get("node") == run.node), {})
    return NodeRun(
        node=run.node,
        name=about["name"],
        type=about["type"],
        state=visit.state,
        status=run.status,
        started_at=run.started_at,
        ended_at=run.ended_at,
        attempts=run.attempts,
        input=own.get("parameters"),
        output=run.output,
        error=run.error,
        cause=readable_cause(run.cause),
    )


def _run_inside(inside: Inside, state: str, about: Mapping[str, str]) -> NodeRun:
    error, cause = inside.failure or (None, None)
    return NodeRun(
        node=inside.node,
        name=about["name"],
        type=about["type"],
        state=state,
        status="succeeded" if inside.failure is None else "failed",
        started_at=inside.at,
        ended_at=inside.at,
        attempts=(),
        input=None,
        output=json_or_none(inside.output),
        error=error,
        cause=readable_cause(cause),
    )


def skipped_nodes(
    timeline: Iterable[NodeRun], source_map: Mapping[str, Any], unseen: Collection[str] = ()
) -> tuple[str, ...]:
    """The ids of the nodes that never ran, in the definition's order; true only once the run has ended.

    Of the nodes that are `unseen` it is not known.
    """
    ran = {run.node for run in timeline} | set(unseen)
    with_states = {source_map["states"][state]["node"] for state in _own_states(source_map)}
    for place in source_map["states"].values():
        with_states.update(place.get("before", ()), place.get("chain", ()), place.get("after", ()))
    return tuple(node for node in source_map["nodes"] if node in with_states and node not in ran)


def _own_states(source_map: Mapping[str, Any]) -> frozenset[str]:
    """The states that do the work of the node they belong to; the others only serve the machine."""
    states: Mapping[str, Mapping[str, str]] = source_map["states"]
    working = {place["node"] for place in states.values() if place["role"] in OWN_WORK}
    return frozenset(
        name
        for name, place in states.items()
        if place["role"] in OWN_WORK or (place["role"] == "end" and place["node"] not in working)
    )


def _chosen_port(visit: Visit, node: str) -> dict[str, JsonValue]:
    """A condition with an error edge finds its port in a state before its Choice, as `<node>__port`."""
    names = [name for name in visit.assigned if name.startswith(f"{node}__port")]
    return {node: json_or_none(visit.assigned[names[0]])} if names else {}


def _through_port(run: NodeRun, port: JsonValue) -> NodeRun:
    if run.status != "succeeded" or port is not None:
        return replace(run, output=port) if run.status == "succeeded" else run
    return replace(
        run, status="failed", output=None, error=NO_MATCH, cause="no case fits, and there is no default"
    )


def _end_latest(runs: list[NodeRun], end: NodeRun) -> None:
    """A node whose results a function gathers behind its own state ends as that does."""
    for position in range(len(runs) - 1, -1, -1):
        if runs[position].node == end.node:
            ended = {name: getattr(end, name) for name in ("status", "ended_at", "output", "error", "cause")}
            runs[position] = replace(runs[position], **ended)
            return


def _fail_latest(runs: list[NodeRun], failing: NodeRun, raised: Mapping[str, Raised]) -> None:
    """A Fail beside a node's own state is how that node fails: a choice that nothing fits, for example."""
    for position in range(len(runs) - 1, -1, -1):
        if (runs[position].node, runs[position].iterations) == (failing.node, failing.iterations):
            error, cause = raised.get(failing.state, (None, None))
            runs[position] = replace(
                runs[position], status="failed", output=None, error=error, cause=readable_cause(cause)
            )
            return


def _node_run(visit: Visit, node: str, about: Mapping[str, str]) -> NodeRun:
    status = _status(visit)
    error, cause = visit.failure or (None, None)
    failed = status == "failed"
    return NodeRun(
        node=node,
        name=about["name"],
        type=about["type"],
        state=visit.state,
        status=status,
        started_at=visit.entered_at,
        ended_at=visit.ended_at,
        attempts=tuple(visit.attempts),
        input=_called_with(visit),
        output=_output(visit, node) if status == "succeeded" else None,
        error=error if failed else None,
        cause=readable_cause(cause) if failed else None,
    )


def _status(visit: Visit) -> NodeStatus:
    if visit.ended_at is None:
        return "running"
    if visit.cancelled:
        return "cancelled"
    return "succeeded" if visit.failure is None else "failed"


def _called_with(visit: Visit) -> JsonValue:
    document = json_or_none(visit.parameters)
    payload = document.get("Payload") if isinstance(document, Mapping) else None
    return payload["parameters"] if isinstance(payload, Mapping) and "parameters" in payload else document


def _output(visit: Visit, node: str) -> JsonValue:
    if visit.result is not None:
        return _answer(json_or_none(visit.result))
    if visit.kind in {"Choice", "Wait"}:
        return None  # their states hand on what came in
    return json_or_none(assigned_output(visit.assigned, node) or visit.output)


def _answer(result: JsonValue) -> JsonValue:
    payload = result.get("Payload") if isinstance(result, Mapping) else None
    return payload["output"] if isinstance(payload, Mapping) and "output" in payload else result
