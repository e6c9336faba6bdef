"""Templates of workflows: definitions with holes that parameters fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel

from layers.runtime.errors import Problem, RequestError
from layers.runtime.json_value import JsonValue, read_json

_FOLDER: Final = Path(__file__).parent / "template_files"
_HOLE: Final = re.compile(r"\{\{([a-z_]+)\}\}")
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


class TemplateParameter(BaseModel):
    """What must be given, unless it has a default."""

    name: str
    type: Literal["string", "integer", "number", "boolean"]
    description: str
    default: str | int | float | bool | None = None


class Template(BaseModel):
    """A template as it is listed."""

    id: str
    name: str
    description: str
    parameters: list[TemplateParameter]


class _WholeTemplate(Template):
    definition: dict[str, Any]


@cache
def templates() -> Mapping[str, Template]:
    """All templates by id; what a hole stands in is `definition`."""
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.json"))}
    return {
        name: _WholeTemplate.model_validate({"id": name, **_object(text)}) for name, text in found.items()
    }


def filled(template: str, workflow: str, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The definition of a new workflow; raises RequestError 404, or 422 for parameters that do not fit."""
    whole = templates().get(template)
    if not isinstance(whole, _WholeTemplate):
        raise _not_found(template)
    known = {one.name: one for one in whole.parameters}
    wrong = [f"'{one}' is no parameter of it" for one in given if one not in known]
    values: dict[str, Any] = {}
    for one in whole.parameters:
        value = given.get(one.name, one.default)
        if value is None:
            wrong.append(f"'{one.name}' is missing")
        elif not _fits(value, one.type):
            wrong.append(f"'{one.name}' is no {one.type}")
        values[one.name] = value
    if wrong:
        raise _unfit(template, wrong)
    described = {"id": workflow, "name": name or whole.name, "description": whole.description}
    return {**described, **{key: _filled(value, values) for key, value in whole.definition.items()}}


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values) for inner in value]
    if not isinstance(value, str):
        return value
    whole = _HOLE.fullmatch(value)
    if whole is not None and whole[1] in values:
        return values[whole[1]]
    return _HOLE.sub(lambda hole: str(values.get(hole[1], hole[0])), value)


def _fits(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _object(text: str) -> Mapping[str, JsonValue]:
    value = read_json(text)
    assert isinstance(value, Mapping)
    return value


def _not_found(template: str) -> RequestError:
    return RequestError(
        Problem(
            404,
            "template_not_found",
            "Template not found",
            f"There is no template '{template}'.",
            "See GET /api/templates.",
        )
    )


def _unfit(template: str, wrong: list[str]) -> RequestError:
    return RequestError(
        Problem(
            422,
            "template_parameters",
            "Parameters do not fit",
            f"Template '{template}' cannot be filled: {'; '.join(wrong)}.",
            "See GET /api/templates for its parameters.",
        )
    )
