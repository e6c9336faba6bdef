"""Holds a node's parameters against its type; what an expression will give is checked when it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from translator.definition.model import Node
from translator.definition.positions import join_pointer
from translator.definition.shape import without_echoes
from translator.definition.shape_messages import Misfit, find_words, is_worded
from translator.definition.wording import quoted
from translator.diagnostics.nearest import nearest
from translator.node_type import EXPRESSION_REFUSED, EXPRESSION_REQUIRED, Fixed, NodeType
from translator.resolve.alternatives import FIXED, Complaint, meant
from translator.resolve.report import Report

UNKNOWN_PARAMETER = "WF203"
MISSING_PARAMETER = "WF204"
WRONG_PARAMETER = "WF205"

_WORDED_BY_PYDANTIC: Final = frozenset(get_args(ErrorType)) - {"value_error", "assertion_error"}
_BESIDE_PARAMETERS: Final = frozenset(Node.model_fields) - {"id", "type", "parameters"}
_MESSAGE: Final = "message"


def check_parameters(node: Node, node_type: NodeType, pointer: str, report: Report) -> bool:
    """Reports every parameter that does not fit, once; tells whether all do."""
    # The messages name the node, and need nothing else of the definition.
    whole = {"nodes": [{"id": node.id}]}
    fixed = {name for name, info in node_type.Parameters.model_fields.items() if Fixed in info.metadata}
    complaints = [
        Complaint(
            tuple(error["loc"]),
            Misfit(
                error["type"],
                {
                    **error.get("ctx", {}),
                    _MESSAGE: error["msg"].removeprefix("Value error, "),
                    FIXED: bool(error["loc"]) and error["loc"][0] in fixed,
                },
                error["input"],
                ("nodes", 0, "parameters"),
                whole,
            ),
        )
        for error in _errors(node_type.Parameters, node.parameters)
    ]
    misfits = without_echoes(meant(complaints, node.parameters))
    for misfit in misfits:
        _report_one(node_type, pointer, misfit, report)
    return not misfits


def _errors(model: type[BaseModel], parameters: Mapping[str, Any]) -> list[Any]:
    """What pydantic finds, with types taken strictly as everywhere in a definition.

    Behind a validator of its own a tuple cannot tell a JSON list from another, so there it is asked again.
    """
    strict = _found_by(lambda: model.model_validate_json(json.dumps(parameters), strict=True))
    blind = [error["loc"] for error in strict if error["type"] == "tuple_type" and _is_list(error["input"])]
    if not blind:
        return strict
    lax = _found_by(lambda: model.model_validate(parameters))
    seen = [error for error in strict if error["loc"] not in blind]
    seen += [error for error in lax if any(error["loc"][: len(place)] == place for place in blind)]
    return seen or lax


def _found_by(validate: Callable[[], object]) -> list[Any]:
    try:
        validate()
    except ValidationError as invalid:
        return list(invalid.errors(include_url=False))
    return []


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _report_one(node_type: NodeType, pointer: str, misfit: Misfit, report: Report) -> None:
    path = misfit.parts[3:]
    place = f"{pointer}/parameters"
    for part in path:
        place = join_pointer(place, part)
    if misfit.kind == "extra_forbidden":
        message, hint = _unknown(node_type, misfit, path)
        report.error_at_key(UNKNOWN_PARAMETER, message, hint, place)
    elif misfit.kind == "missing":
        message, hint = _missing(node_type, misfit, path)
        report.error_inside(MISSING_PARAMETER, message, hint, place)
    else:
        message, hint = _wrong(node_type, misfit)
        report.error(WRONG_PARAMETER, message, hint, place)


def _unknown(node_type: NodeType, misfit: Misfit, path: Sequence[str | int]) -> tuple[str, str]:
    known = [name for model in _models_at(node_type.Parameters, path[:-1]) for name in model.model_fields]
    near = nearest(misfit.field, known)
    listed = ", ".join(f'"{name}"' for name in known)
    if near:
        hint = f'did you mean "{near}"?'
    elif len(path) == 1 and misfit.field in _BESIDE_PARAMETERS:
        hint = 'it belongs to the node itself: write it beside "parameters", not inside'
    else:
        hint = f"remove it; there are: {listed}" if listed else "remove it"
    if len(path) == 1:
        name = quoted(misfit.field)
        return f'{misfit.element} (type "{node_type.name}") has an unknown parameter {name}', hint
    return f"{misfit.owner} has an unknown field {quoted(misfit.field)}", hint


def _missing(node_type: NodeType, misfit: Misfit, path: Sequence[str | int]) -> tuple[str, str]:
    if len(path) == 1:
        message = f'{misfit.element} (type "{node_type.name}") has no parameter "{misfit.field}"'
        return message, f'add "{misfit.field}" under its `parameters:`'
    return f'{misfit.owner} has no "{misfit.field}"', f"add `{misfit.field}: …`"


def _wrong(node_type: NodeType, misfit: Misfit) -> tuple[str, str]:
    shown = f"`steploom explain {node_type.name}` shows the parameters and an example"
    if misfit.kind == EXPRESSION_REFUSED:
        message = f"{misfit.subject} is an expression"
        return message, "write a fixed value: it shapes the state machine, which is made before any run"
    if misfit.kind == EXPRESSION_REQUIRED:
        written = str(misfit.value).replace("{%", "").replace("%}", "").strip()
        message = f"{misfit.subject} is {quoted(misfit.value)}, but must be one expression"
        return message, f'write "{{% {written} %}}"' if len(written) < 60 else shown
    if misfit.kind not in _WORDED_BY_PYDANTIC:
        subject = misfit.subject if len(misfit.parts) > 3 else misfit.element
        return f"{subject}: {misfit.context[_MESSAGE]}", shown
    if not is_worded(misfit):
        return f"{misfit.subject} is {quoted(misfit.value)}, which does not fit", shown
    finding = find_words(misfit)
    return finding.message, finding.hint


def _models_at(model: type[BaseModel], path: Sequence[str | int]) -> list[type[BaseModel]]:
    """The models that the object at a path of the parameters may be of."""
    models = [model]
    for part in path:
        if isinstance(part, str):
            fields = [found.model_fields[part].annotation for found in models if part in found.model_fields]
            models = [inner for annotation in fields for inner in _models_in(annotation)]
    return models


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
