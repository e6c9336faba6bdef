"""Prepare what only a distributed Map has (developer guide: Map state processing modes)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from translator.interpreter.read import Bounds, Reader
from translator.interpreter.resource import Resource, parse_resource
from translator.interpreter.states import Distribution, ItemBatcher, ItemReader, ResultWriter
from translator.interpreter.template import Template

DISTRIBUTED: Final = ("ItemReader", "ItemBatcher", "ResultWriter", "Label")
DELIMITERS: Final = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
_LABEL: Final = re.compile(r"[^\s?*<>{}\[\]\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,40}")
_READER: Final = (
    *("InputType", "CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"),
    *("MaxItems", "MaxItemsPath", "ItemsPointer"),
)
_BATCHER: Final = (
    *("BatchInput", "MaxItemsPerBatch", "MaxInputBytesPerBatch"),
    *("MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"),
)
_LISTING: Final = "listObjectsV2"
_ITEMS: Final = Bounds(0, 100_000_000)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a query language writes arguments, numbers and values; `names` are its names for arguments.

    A number read as a `maximum` may be found to be negative only when the items are read.
    """

    arguments: Callable[[Reader], Template | None]
    number: Callable[[Reader, str], Template | None]
    maximum: Callable[[Reader, str, Bounds], Template | None]
    value: Callable[[Reader, str], Template | None]
    names: tuple[str, ...]


def parse_distribution(state: Reader, processor: Reader, dialect: Dialect) -> Distribution | None:
    """What the Map state says on its children, or None for an inline Map."""
    if "ProcessorConfig" not in processor:
        return None
    configuration = processor.object("ProcessorConfig")
    configuration.only("Mode", "ExecutionType")
    if configuration.choice("Mode", ("INLINE", "DISTRIBUTED"), "INLINE") == "INLINE":
        return None
    if "ExecutionType" not in configuration:
        raise configuration.refuse("", "These fields are required: [ExecutionType]")
    kind = configuration.choice("ExecutionType", ("STANDARD", "EXPRESS"), "")
    return Distribution(
        express=kind == "EXPRESS",
        label=_label(state),
        reader=_reader(state.object("ItemReader"), dialect) if "ItemReader" in state else None,
        batcher=_batcher(state.object("ItemBatcher"), dialect) if "ItemBatcher" in state else None,
        writer=_writer(state.object("ResultWriter"), dialect) if "ResultWriter" in state else None,
    )


def _label(state: Reader) -> str | None:
    label = state.text("Label")
    if label is not None and _LABEL.fullmatch(label) is None:
        raise state.refuse("Label", f"'{label}' is no label: at most 40 characters, none of them special")
    return label


def _resource(reader: Reader, calls: tuple[str, ...]) -> Resource:
    arn = reader.required_text("Resource")
    resource = parse_resource(arn)
    if resource is None or resource.kind != "s3" or resource.call not in calls:
        raise reader.refuse("Resource", f"The resource '{arn}' cannot be used here")
    return resource


def _reader(reader: Reader, dialect: Dialect) -> ItemReader:
    reader.only("Resource", "ReaderConfig", "Comment", *dialect.names)
    resource = _resource(reader, ("getObject", _LISTING))
    configuration = reader.object("ReaderConfig") if "ReaderConfig" in reader else Reader({}, reader.place)
    configuration.only(*_READER)
    if resource.call == _LISTING:
        input_type = "LISTING"
    elif "InputType" not in configuration:
        raise configuration.refuse("", "These fields are required: [InputType]")
    else:
        input_type = configuration.choice("InputType", ("CSV", "JSON", "JSONL"), "")
    return ItemReader(
        resource=resource,
        arguments=dialect.arguments(reader),
        input_type=input_type,
        maximum=dialect.maximum(configuration, "MaxItems", _ITEMS),
        pointer=configuration.text("ItemsPointer") or "",
        header_location=configuration.choice("CSVHeaderLocation", ("FIRST_ROW", "GIVEN"), "FIRST_ROW"),
        headers=configuration.texts("CSVHeaders"),
        delimiter=DELIMITERS[configuration.choice("CSVDelimiter", tuple(DELIMITERS), "COMMA")],
    )


def _batcher(reader: Reader, dialect: Dialect) -> ItemBatcher:
    reader.only(*_BATCHER)
    items = dialect.number(reader, "MaxItemsPerBatch")
    size = dialect.number(reader, "MaxInputBytesPerBatch")
    if items is None and size is None:
        raise reader.refuse("", "An ItemBatcher needs 'MaxItemsPerBatch' or 'MaxInputBytesPerBatch'")
    return ItemBatcher(items, size, dialect.value(reader, "BatchInput"))


def _writer(reader: Reader, dialect: Dialect) -> ResultWriter:
    reader.only("Resource", "WriterConfig", *dialect.names)
    resource = _resource(reader, ("putObject",)) if "Resource" in reader else None
    if resource is None and "WriterConfig" not in reader:
        raise reader.refuse("", "A ResultWriter needs 'Resource' or 'WriterConfig'")
    configuration = reader.object("WriterConfig") if "WriterConfig" in reader else Reader({}, reader.place)
    configuration.only("Transformation", "OutputType")
    default = "COMPACT" if resource is None else "NONE"
    return ResultWriter(
        resource=resource,
        arguments=None if resource is None else dialect.arguments(reader),
        transformation=configuration.choice("Transformation", ("NONE", "COMPACT", "FLATTEN"), default),
        output_type=configuration.choice("OutputType", ("JSON", "JSONL"), "JSON"),
    )
