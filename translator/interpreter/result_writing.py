"""What a distributed Map makes of its children's results, as one value or as files (guide: ResultWriter)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from translator.interpreter.child import Child
from translator.interpreter.map_run import MapRun
from translator.interpreter.payload import encode
from translator.interpreter.states import ResultWriter
from translator.json_value import JsonValue

_SUCCEEDED: Final = "SUCCEEDED"
_GROUPS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("FAILED", lambda status: status not in {_SUCCEEDED, "RUNNING"}),
    (_SUCCEEDED, lambda status: status == _SUCCEEDED),
)


def combined(run: MapRun, writer: ResultWriter | None) -> JsonValue:
    """The state's result where nothing is exported."""
    transformation = "COMPACT" if writer is None else writer.transformation
    results = list(_transformed(run.children, transformation))
    return (
        "\n".join(map(encode, results)) if writer is not None and writer.output_type == "JSONL" else results
    )


def files(run: MapRun, writer: ResultWriter) -> list[tuple[str, str]]:
    """Names and contents of the result files, one for each way in which children have ended."""
    written = []
    for group, belongs in _GROUPS:
        children = [child for child in run.children if belongs(child.status)]
        if children:
            written.append(_file(group, list(_transformed(children, writer.transformation)), writer))
    pending: list[JsonValue] = [
        {"Input": batch.payload.text, "InputDetails": {"Included": True}, "Status": "PENDING"}
        for batch in run.batches[len(run.children) :]
    ]
    return [*written, _file("PENDING", pending, writer)] if pending else written


def manifest(run: MapRun, written: Sequence[tuple[str, str]]) -> str:
    """The content of manifest.json, which names the files."""
    named: dict[str, JsonValue] = {
        group: [
            {"Key": destination_key(run, name), "Size": len(body.encode())}
            for name, body in written
            if name.startswith(group)
        ]
        for group in ("FAILED", "PENDING", _SUCCEEDED)
    }
    bucket = run.destination.get("Bucket")
    return encode({"DestinationBucket": bucket, "MapRunArn": run.arn, "ResultFiles": named})


def destination_key(run: MapRun, name: str) -> str:
    """The key of a result file."""
    prefix = run.destination.get("Prefix")
    start = f"{prefix.rstrip('/')}/" if isinstance(prefix, str) and prefix else ""
    return f"{start}{run.identity}/{name}"


def _file(group: str, results: list[JsonValue], writer: ResultWriter) -> tuple[str, str]:
    if writer.output_type == "JSONL":
        return f"{group}_0.jsonl", "\n".join(map(encode, results))
    return f"{group}_0.json", encode(results)


def _transformed(children: Sequence[Child], transformation: str) -> Iterator[JsonValue]:
    for child in children:
        value = child.output_value
        if transformation == "NONE" or child.status != _SUCCEEDED:
            yield child.record()
        elif transformation == "FLATTEN" and isinstance(value, list):
            yield from value
        else:
            yield value
