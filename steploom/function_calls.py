"""Compares what nodes call with the functions that the project has, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from translator.compiler import Compilation
from translator.diagnostics import Diagnostic, Severity
from translator.work.registered_function import RegisteredFunction, Registry

CODE: Final = "function"
"""Not of the catalogue: the translator knows no functions, only the folder one works in does."""


def misfits(compilation: Compilation, registry: Registry) -> Iterator[Diagnostic]:
    """A warning for each call of a function that is not there, or with arguments that it does not take."""
    for index, node in enumerate(compilation.definition.nodes):
        if node.type != "function":
            continue
        pointer = f"/nodes/{index}/parameters"
        name, arguments = node.parameters["function"], node.parameters.get("arguments", {})
        if name not in registry.functions:
            message = f'node "{node.id}" calls the function "{name}", which is not registered'
            yield _warning(compilation, f"{pointer}/function", message, _near(name, registry))
        elif isinstance(arguments, Mapping):
            for message, hint in _argument_misfits(node.id, registry.functions[name], arguments):
                yield _warning(compilation, pointer, message, hint)


def _argument_misfits(
    node: str, called: RegisteredFunction[..., Any], arguments: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    fields = called.arguments_model().model_fields
    takes = f"it takes: {', '.join(fields) or 'nothing'}"
    for name in arguments:
        if name not in fields:
            yield f'node "{node}" gives "{called.name}" the argument "{name}", which it does not take', takes
    for name, field in fields.items():
        if field.is_required() and name not in arguments:
            yield f'node "{node}" does not give "{called.name}" the argument "{name}"', takes


def _near(name: str, registry: Registry) -> str:
    near = get_close_matches(name, registry.functions, n=1)
    if near:
        return f'did you mean "{near[0]}"?'
    broken = "".join(
        f'; module "{module}" cannot be imported: {why}' for module, why in registry.broken.items()
    )
    return f"put it into a file of workflows/functions, under the decorator @function{broken}"


def _warning(compilation: Compilation, pointer: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(CODE, message, hint, compilation.source.positions.at(pointer), Severity.WARNING)
