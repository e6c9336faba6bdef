"""What happens after a failure that nothing took, how a run ends, and what the machine is like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from steploom.story.reading import Reading
from steploom.story.wording import listed, shown
from translator.definition.model import ErrorHandler
from translator.node_type import Ending
from translator.structure.barrier_notes import told


def handling(reading: Reading) -> Iterator[str]:
    """What the workflow's error handlers do, one sentence each; none without handlers."""
    handlers = reading.handlers(None)
    if not handlers:
        return
    yield "After a failure that no way above takes, all that is still under way is cancelled."
    for handler, errors in _asked(handlers):
        after = f"After {errors}, " if errors else "Then "
        end = "counts as succeeded" if handler.resolve else "ends failed with that error"
        yield f"{after}{reading.title(handler.node)} runs, and the run {end}."
    if not any("*" in handler.errors for handler in handlers):
        yield "After anything else the run ends failed."


def handling_of(reading: Reading, body: str) -> Iterator[str]:
    """The same of the error handlers of a body, beside which their nodes stand."""
    for handler, errors in _asked(reading.handlers(body)):
        by = f" with {errors}" if errors else ""
        end = "counts as succeeded" if handler.resolve else "has failed all the same"
        yield f"If its body fails{by}, {reading.title(handler.node)} runs; after that it {end}."


def _asked(handlers: Sequence[ErrorHandler]) -> Iterator[tuple[ErrorHandler, str]]:
    """Each handler with the errors that it takes; none named where it takes all there are."""
    for number, handler in enumerate(handlers):
        if "*" not in handler.errors:
            yield handler, listed(handler.errors, "or")
        else:
            yield handler, "anything else" if number else ""


def ending(reading: Reading) -> Iterator[str]:
    """What the run gives, what is left out, and what became of it all."""
    yield from _output(reading)
    if reading.unreached:
        they = "they are" if len(reading.unreached) > 1 else "it is"
        yield f"Nothing leads to {reading.titles(reading.unreached)}: {they} left out."
    compilation = reading.compilation
    count = len(compilation.source_map.states)
    kind = "an Express" if compilation.machine_type == "EXPRESS" else "a Standard"
    yield f"{len(reading.definition.nodes)} nodes become {count} states of {kind} state machine."
    for waits in reading.waits():
        yield f"Nesting adds a wait: {told(waits, reading.title)}, though no edge says so."


def _output(reading: Reading) -> Iterator[str]:
    if reading.definition.output is not None:
        yield f"At its end the run gives {shown(reading.definition.output)}."
        return
    last = [node for node in reading.last_nodes() if not isinstance(reading.node(node).lowering, Ending)]
    if last:
        ran = "" if len(last) == 1 else ", as far as they ran"
        yield f"At its end the run gives, by node id, the output of {reading.titles(last)}{ran}."
