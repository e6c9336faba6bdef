"""What every model of the definition language is made of: its names, and its strictness."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Identifier: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class DefinitionModel(BaseModel):
    """What every part of a definition shares: unknown fields are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def form_of(value: object) -> str | None:
    """The form in which a value was given, where several are allowed."""
    if isinstance(value, dict | BaseModel):
        return "<object>"
    if isinstance(value, list | tuple):
        return "<list>"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "<number>" if is_number else "<text>" if isinstance(value, str) else None
