"""WF335 and WF336: names of errors that nothing is called by, or that may not be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from translator.checks.facts import Facts
from translator.definition.model import WorkflowDefinition
from translator.definition.wording import quoted
from translator.diagnostics import Diagnostic, Severity
from translator.error_classes import NAMES_OF_CLASS

CODE = "WF335"
RESERVED: Final = "WF336"
_EVERY: Final = frozenset({"States.ALL", "States.TaskFailed"})
_OWN: Final = "Steploom."


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Every such name in an edge, a retry policy or a handler."""
    for pointer, words, names in _lists(facts.resolved.definition):
        for index, name in enumerate(names):
            position = facts.resolved.positions.at(f"{pointer}/{index}")
            if name in _EVERY or name.startswith(_OWN) or "{%" in name:
                message = f"{words} lists {quoted(name)}, which is no name of an error"
                yield Diagnostic(RESERVED, message, _instead(name), position)
            elif (near := _misspelt(name)) is not None:
                message = f'{words} lists "{name}", which is no class of errors'
                hint = f'did you mean "{near}"? It is right only if a function raises an error of that name'
                yield Diagnostic(CODE, message, hint, position, Severity.WARNING)


def _lists(definition: WorkflowDefinition) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for index, edge in enumerate(definition.edges):
        yield f"/edges/{index}/errors", f'edge "{edge.from_}" → "{edge.to}"', edge.errors or ()
    for index, handler in enumerate(definition.error_handlers):
        yield f"/error_handlers/{index}/errors", f'the error handler "{handler.node}"', handler.errors
    for index, node in enumerate(definition.nodes):
        entries = node.retry_policy if isinstance(node.retry_policy, tuple) else ()
        for number, entry in enumerate(entries):
            words = f'the retry policy of node "{node.id}"'
            yield f"/nodes/{index}/retry_policy/{number}/errors", words, entry.errors


def _instead(name: str) -> str:
    if "{%" in name:
        return "write the name itself: which errors are caught is fixed before any run"
    if name.startswith(_OWN):
        return 'remove it: names that begin with "Steploom." are how the compiled parts talk to one another'
    return 'write "*" for every error'


def _misspelt(name: str) -> str | None:
    if name in NAMES_OF_CLASS:
        return None
    by_lower = {known.lower(): known for known in NAMES_OF_CLASS}
    near = get_close_matches(name.lower().removesuffix("error"), by_lower, n=1, cutoff=0.8)
    return by_lower[near[0]] if near else None
