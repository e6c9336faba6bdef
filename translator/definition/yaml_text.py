"""Reads YAML 1.2 (core schema) as JSON data with positions, on the events of PyYAML's parser."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from translator.definition.document import (
    EMPTY,
    KEY_IS_NO_TEXT,
    NOT_JSON,
    SEVERAL_DOCUMENTS,
    Document,
    duplicate_key,
    no_json_number,
    too_deep,
    too_large,
)
from translator.definition.limits import MAX_DEPTH, MAX_WEIGHT, weight
from translator.definition.positions import Place, join_pointer
from translator.definition.yaml_errors import explain
from translator.diagnostics.model import DiagnosticsError, Position

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRING_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})

_NULL: Final = re.compile(r"null|Null|NULL|~|")
_BOOL: Final = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MAY_BE_MORE: Final = frozenset(["", *"~nNtTfF+-.0123456789"])
"""How plain scalars that are no texts begin."""

_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def load_yaml(text: str) -> Document:
    """Raises DiagnosticsError where reading cannot go on; other mistakes are in the document."""
    builder = _Builder(Document(text))
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise DiagnosticsError([*builder.document.diagnostics, explain(error, text)]) from None
    if builder.documents == 0:
        raise builder.document.fail(EMPTY, "the definition is empty", "write a workflow", Position(1, 1, ""))
    return builder.document


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun and not ended."""

    container: list[Any] | dict[str, Any]
    pointer: str
    anchor: str | None
    weight_before: int
    key: str | None = None
    key_mark: Any = None


@dataclass(slots=True)
class _Builder:
    document: Document
    documents: int = 0
    weight: int = 0
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int] | None] = field(default_factory=dict)
    """The value and weight of each anchor; None while it is still open."""

    def take(self, event: Any) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._document(event)
            case yaml.ScalarEvent() if self._wants_key():
                self._key(event)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.CollectionStartEvent():
                self._open(event)
            case yaml.CollectionEndEvent():
                self._close()

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "a second document begins here"
            hint = "put each workflow into a file of its own"
            raise self.document.fail(SEVERAL_DOCUMENTS, message, hint, _position(event, ""))

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None

    def _key(self, event: Any) -> None:
        parent = self.stack[-1]
        position = _position(event, parent.pointer)
        key = event.value
        if event.implicit[0] and key == "<<":
            message = '"<<" (merge) is not part of YAML 1.2'
            self.document.add(NOT_JSON, message, "repeat the fields, or share them with an alias", position)
        elif event.implicit[0] and not isinstance(_resolve(key), str):
            message = f"the key {key or '(nothing)'} is not a text"
            self.document.add(KEY_IS_NO_TEXT, message, f'put it in quotes: "{key}"', position)
        self._take_key(key, event)

    def _take_key(self, key: str, event: Any) -> None:
        parent = self.stack[-1]
        if key in parent.container:
            position = _position(event, join_pointer(parent.pointer, key))
            self.document.diagnostics.append(duplicate_key(key, position))
        parent.key, parent.key_mark = key, event.start_mark

    def _scalar(self, event: Any) -> None:
        pointer = self._place(event, text=True)
        value: Any = event.value
        if event.tag is not None and event.tag not in _STRING_TAGS:
            self._refuse_tag(event, pointer)
        elif event.tag is None and event.implicit[0]:
            value = _resolve(event.value)
            if isinstance(value, float) and not math.isfinite(value):
                self.document.diagnostics.append(no_json_number(event.value, _position(event, pointer)))
                value = 0
        size = weight(event.value)
        self._grow(size, event)
        self._put(value)
        if event.anchor:
            self.anchors[event.anchor] = (value, size)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            raise yaml.composer.ComposerError(
                None, None, f"found undefined alias {event.anchor!r}", event.start_mark
            )
        anchored = self.anchors[event.anchor]
        if anchored is None:
            message = f'the alias "*{event.anchor}" stands inside what it stands for'
            raise self.document.fail(
                NOT_JSON, message, "write the value out", _position(event, self._pointer())
            )
        value, size = anchored
        if self._wants_key():
            self._alias_key(value, event)
            return
        self._place(event)
        self._grow(size, event)
        self._put(value)

    def _alias_key(self, value: Any, event: Any) -> None:
        if not isinstance(value, str):
            self._refuse_key(event)
        self._take_key(value, event)

    def _open(self, event: Any) -> None:
        if self._wants_key():
            self._refuse_key(event)
        pointer = self._place(event)
        if len(self.stack) >= MAX_DEPTH:
            raise DiagnosticsError([*self.document.diagnostics, too_deep(_position(event, pointer))])
        if event.tag is not None and not event.implicit:
            self._refuse_tag(event, pointer)
        if event.anchor:
            self.anchors[event.anchor] = None
        container: list[Any] | dict[str, Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._grow(1, event)
        self.stack.append(_Open(container, pointer, event.anchor, self.weight - 1))

    def _close(self) -> None:
        done = self.stack.pop()
        if done.anchor:
            self.anchors[done.anchor] = (done.container, self.weight - done.weight_before)
        self._put(done.container)

    def _pointer(self) -> str:
        """The pointer of the value that comes next."""
        if not self.stack:
            return ""
        parent = self.stack[-1]
        part = parent.key if isinstance(parent.container, dict) else len(parent.container)
        return parent.pointer if part is None else join_pointer(parent.pointer, part)

    def _place(self, event: Any, *, text: bool = False) -> str:
        pointer = self._pointer()
        mark, key = event.start_mark, self.stack[-1].key_mark if self.stack else None
        span = (mark.index, event.end_mark.index) if text else (-1, -1)
        key_line, key_column = (key.line + 1, key.column + 1) if key else (0, 0)
        self.document.places[pointer] = Place(mark.line + 1, mark.column + 1, key_line, key_column, *span)
        return pointer

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.document.value = value
            return
        parent = self.stack[-1]
        if isinstance(parent.container, list):
            parent.container.append(value)
        elif parent.key is not None:
            parent.container[parent.key] = value
            parent.key = parent.key_mark = None

    def _grow(self, size: int, event: Any) -> None:
        self.weight += size
        if self.weight > MAX_WEIGHT:
            raise DiagnosticsError([*self.document.diagnostics, too_large(_position(event, self._pointer()))])

    def _refuse_tag(self, event: Any, pointer: str) -> None:
        message = f'the tag "{event.tag}" is not known'
        hint = "remove it: a definition holds only texts, numbers, true, false, null, lists and objects"
        self.document.add(NOT_JSON, message, hint, _position(event, pointer))

    def _refuse_key(self, event: Any) -> None:
        message = "a key must be a text"
        hint = "put a text before the colon; a value that begins with { or [ may need quotes"
        raise self.document.fail(KEY_IS_NO_TEXT, message, hint, _position(event, self._pointer()))


def _position(event: Any, pointer: str) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1, pointer)


def _resolve(text: str) -> Any:
    """The value of a plain scalar (YAML 1.2.2, section 10.3.2); dates and `yes` are texts."""
    if text[:1] not in _MAY_BE_MORE:
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return math.nan if _NOT_FINITE.fullmatch(text) else text


def _integer(text: str) -> int | float:
    if text.startswith("0o"):
        return int(text[2:], 8)
    if text.startswith("0x"):
        return int(text, 16)
    return int(text) if len(text) < 300 else math.inf
