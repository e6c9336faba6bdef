"""Where a node leads, in sentences: by which condition or failure, and what then runs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from steploom.story.reading import Reading
from steploom.story.wording import bare, listed
from translator.graph import FlowEdge, FlowNode
from translator.node_type import Choosing


def ways_of(reading: Reading, node: FlowNode) -> Iterator[str]:
    """One sentence for each reason to go on, in the order in which they are asked."""
    edges = reading.outgoing(node.id)
    if isinstance(node.lowering, Choosing):
        yield from _decision(reading, node.lowering, edges)
    else:
        yield from _following(reading, [edge for edge in edges if not edge.is_error])
    yield from _failures(reading, [edge for edge in edges if edge.is_error])


def _decision(reading: Reading, lowering: Choosing, edges: Sequence[FlowEdge]) -> Iterator[str]:
    is_question = {port for port, _ in lowering.cases} | {lowering.default} == {"true", "false"}
    for number, (port, conditions) in enumerate(_cases(lowering)):
        own = [edge for edge in edges if edge.port == port]
        asked = " or ".join(bare(condition) for condition in conditions)
        name = "" if is_question else f" ({port})"
        yield from _port(reading, f"{'Else if' if number else 'If'} {asked}{name}", own)
    if lowering.default is None:
        yield "If none of these is true, it fails with NoMatch."
        return
    name = "" if is_question else f" ({lowering.default})"
    yield from _port(reading, f"Otherwise{name}", [edge for edge in edges if edge.port == lowering.default])


def _cases(lowering: Choosing) -> list[tuple[str, list[str]]]:
    """The cases in their order, those together that follow one another to the same port."""
    found: list[tuple[str, list[str]]] = []
    for port, condition in lowering.cases:
        if found and found[-1][0] == port:
            found[-1][1].append(condition)
        else:
            found.append((port, [condition]))
    return found


def _port(reading: Reading, reason: str, edges: Sequence[FlowEdge]) -> Iterator[str]:
    certain = [edge for edge in edges if edge.when is None]
    if certain or not edges:
        comma = "" if reason.startswith("Otherwise") else ","
        yield f"{reason}{comma} {_going(reading, certain)}."
    for edge in edges:
        if edge.when is not None:
            yield f"{reason}, and if {bare(edge.when)}, {_going(reading, [edge])}."


def _following(reading: Reading, edges: Sequence[FlowEdge]) -> Iterator[str]:
    certain = [edge for edge in edges if edge.when is None]
    asked: dict[str, list[FlowEdge]] = {}
    for edge in edges:
        if edge.when is not None:
            asked.setdefault(bare(edge.when), []).append(edge)
    if certain:
        yield _capital(f"{_going(reading, certain)}.")
    for condition, own in asked.items():
        beside = " beside that" if certain else ""
        yield f"If {condition}, {_going(reading, own)}{beside}."
    if len(asked) > 1:
        yield "Of these conditions each is asked; what several lead to runs side by side."


def _failures(reading: Reading, edges: Sequence[FlowEdge]) -> Iterator[str]:
    named = [edge for edge in edges if edge.errors and "*" not in edge.errors]
    for edge in edges:
        if edge in named:
            failure = f"fails with {listed(edge.errors, 'or')}"
        else:
            failure = "fails with anything else" if named else "fails"
        yield f"If it {failure}, {_going(reading, [edge])}."


def _going(reading: Reading, edges: Sequence[FlowEdge]) -> str:
    """`goes on with a and b, side by side`, and back to where edges lead back."""
    if not edges:
        return "nothing follows"
    by_verb: dict[str, list[str]] = {}
    for edge in edges:
        by_verb.setdefault(_verb(reading, edge), []).append(edge.target)
    told = listed([f"{verb} {reading.titles(targets)}" for verb, targets in by_verb.items()])
    return f"{told}, side by side" if len(edges) > 1 else told


def _verb(reading: Reading, edge: FlowEdge) -> str:
    if reading.goes_back(edge):
        return "goes back to"
    left = reading.left_by(edge)
    if left is None:
        return "goes on with"
    return "leaves the circles for" if left.jumps else "leaves the loop for"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
