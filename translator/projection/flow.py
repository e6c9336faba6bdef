"""Follows what is wanted of values from where they are looked at, through transforms, to where they begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from translator.definition.model import WorkflowDefinition
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template
from translator.graph import FlowNode
from translator.json_value import JsonValue
from translator.node_type import Ending, Invoking, Passing
from translator.projection.reading import read_wants
from translator.projection.want import NOTHING, PASSED, WHOLE, Want


@dataclass(frozen=True, slots=True)
class Reader:
    """A template that is evaluated: its value is that of the name `of`, or else `want` is wanted of it."""

    template: JsonValue
    want: Want = WHOLE
    of: str | None = None


def find_wants(
    definition: WorkflowDefinition, nodes: Mapping[str, FlowNode], leaves: Iterable[str], kept: Iterable[str]
) -> Mapping[str, Want]:
    """By name of a node, of a variable and of `$trigger`: what the state machine itself wants of its value.

    A name that is not there is never read. `leaves` are the nodes of the default output, `kept` those that
    anything may look into.
    """
    readers = list(_readers(definition, nodes, leaves))
    readers.append(Reader([f"{{% ${name} %}}" for name in kept]))
    found: dict[str, Want] = {}
    pending = readers
    while pending:
        changed: set[str] = set()
        for reader in pending:
            want = reader.want if reader.of is None else found.get(reader.of)
            if want is None:
                continue
            for name, wanted in template_wants(reader.template, want):
                joined = found[name].joined(wanted) if name in found else wanted
                if found.get(name) != joined:
                    found[name] = joined
                    changed.add(name)
        pending = [reader for reader in readers if reader.of in changed]
    return found


def _readers(
    definition: WorkflowDefinition, nodes: Mapping[str, FlowNode], leaves: Iterable[str]
) -> Iterator[Reader]:
    for node in nodes.values():
        yield from _of_node(node)
    for edge in definition.edges:
        yield Reader(edge.when)
    for metric in definition.metrics:
        yield Reader(metric.value)
    if definition.settings.concurrency is not None:
        yield Reader(definition.settings.concurrency.key)
    default: JsonValue = [f"{{% ${leaf} %}}" for leaf in leaves]
    yield Reader(default if definition.output is None else definition.output, PASSED)


def _of_node(node: FlowNode) -> Iterator[Reader]:
    match node.lowering:
        case Passing(output, assign):
            yield Reader(output, NOTHING)
            yield Reader(output, of=node.id)
            for name, value in assign.items():
                yield Reader(value, NOTHING)
                yield Reader(value, of=name)
        case Invoking(parameters):
            yield Reader(parameters, PASSED)
        case Ending(_, output, error, cause):
            yield Reader(output, PASSED)
            yield Reader([error, cause])
        case _:
            yield Reader(node.definition.parameters)


def template_wants(template: JsonValue, want: Want) -> Iterator[tuple[str, Want]]:
    """What a JSON template wants of the names in it, if `want` is wanted of its value."""
    if isinstance(template, str):
        yield from _text_wants(template, want)
    elif isinstance(template, Mapping):
        for name, inner in template.items():
            yield from template_wants(inner, want.at(name))
    elif isinstance(template, (list, tuple)):
        for inner in template:
            yield from template_wants(inner, want)


def _text_wants(text: str, want: Want) -> Iterator[tuple[str, Want]]:
    template = parse_template(text)
    wanted = want if template.whole is not None else WHOLE
    for part in template.expressions:
        yield from read_wants(parse_expression(part.source), wanted).items()
