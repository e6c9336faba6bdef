"""The words for a whole definition: how it starts, what each node does and leads to, and how it ends."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from steploom.story.beginning import beginning
from steploom.story.ending import ending, handling, handling_of
from steploom.story.in_the_machine import in_the_machine
from steploom.story.manner import effort, waiting
from steploom.story.order import Item, Round
from steploom.story.reading import Reading
from steploom.story.ways import ways_of
from steploom.story.work import work_of
from translator.compiler import Compilation

WIDTH: Final = 110
_INDENT: Final = "    "


def tell(compilation: Compilation) -> str:
    """Paragraphs between empty lines; what is in a loop or a body stands further to the right."""
    reading = Reading(compilation)
    paragraphs = [*beginning(reading), *_told(reading, reading.normal, "")]
    paragraphs += _paragraph(handling(reading), "")
    paragraphs += _told(reading, reading.handling, "")
    paragraphs += _paragraph(ending(reading), "")
    return "\n\n".join(paragraphs) + "\n"


def _told(reading: Reading, items: Sequence[Item], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, Round):
            yield _wrapped(_round(reading, item), indent)
            yield from _told(reading, item.items, indent + _INDENT)
        else:
            yield _node(reading, item, indent)
            yield from _body(reading, item, indent)


def _node(reading: Reading, name: str, indent: str) -> str:
    node = reading.node(name)
    own = node.definition.name
    lines = [f"{indent}{own} ({name})" if own else f"{indent}{name}"]
    sentences = [
        node.definition.description,
        *waiting(reading, name),
        work_of(reading, node),
        *effort(node),
        *handling_of(reading, name),
        *ways_of(reading, node),
        *in_the_machine(reading, name),
    ]
    return "\n".join([*lines, *(_wrapped(one, indent + _INDENT) for one in sentences if one)])


def _body(reading: Reading, node: str, indent: str) -> Iterator[str]:
    inside, after_failure = reading.body(node)
    yield from _told(reading, inside, indent + _INDENT)
    yield from _told(reading, after_failure, indent)


def _paragraph(sentences: Iterable[str], indent: str) -> Iterator[str]:
    """One paragraph of some sentences, each on a line of its own; none of none."""
    lines = [_wrapped(sentence, indent) for sentence in sentences]
    if lines:
        yield "\n".join(lines)


def _round(reading: Reading, item: Round) -> str:
    """What is said above a loop."""
    loop = item.loop
    header = reading.title(loop.header)
    if loop.jumps:
        return (
            "What follows goes in circles that can be entered in several places: "
            "each node runs again whenever another leads to it, and keeps its output until then."
        )
    back = sorted({edge.source for edge in loop.back}, key=reading.place.__getitem__)
    if loop.nodes == {loop.header}:
        return f"A loop: {header} runs again each time it leads back to itself."
    has_forks = any(loop.elements.concurrent)
    whole = ", as soon as all that the round has started has ended" if has_forks else ""
    again = f"each time {reading.titles(back, 'or')} leads back to {header}"
    return f"A loop: what follows runs again {again}{whole}."


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(
        text.removesuffix(".") if text.endswith('?".') else text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
