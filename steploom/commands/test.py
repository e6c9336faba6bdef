"""steploom test: runs the tests of workflows on virtual time."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.text import Text

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from layers.runtime.objects import MemoryObjects
from layers.runtime.timeline import build_timeline
from steploom.definition_file import compile_or_report, found_in
from steploom.large_values import ValuesInMemory
from steploom.neighbours import Neighbours
from steploom.progress import progress
from steploom.screen import talk
from steploom.timeline_lines import duration
from translator.compiler import Compilation
from translator.testing import CaseResult, run_case
from translator.testing.mocks import Work


@click.command("test")
@click.argument("paths", metavar="FILE|FOLDER…", type=click.Path(path_type=Path), nargs=-1, required=True)
def command(paths: tuple[Path, ...]) -> None:
    """Run the tests of workflows, waits skipped. Exit code 1 if one fails, 2 for a bad definition."""
    started = time.monotonic()
    bad, passed, failed = 0, 0, 0
    files = found_in(paths)
    with progress("workflows", len(files)) as done:
        for number, file in enumerate(files, 1):
            compilation = compile_or_report(file)
            results = [] if compilation is None else _run_all(file, compilation)
            bad += compilation is None
            passed += sum(result.passed for result in results)
            failed += sum(not result.passed for result in results)
            done(number)
    summary = f"{passed} passed, {failed} failed"
    talk(f"{summary}{f', {bad} bad definitions' if bad else ''} in {duration(time.monotonic() - started)}")
    if bad or failed:
        raise SystemExit(2 if bad else 1)


def _run_all(file: Path, compilation: Compilation) -> list[CaseResult]:
    cases = compilation.definition.tests
    talk(Text(f"{file}" if cases else f"{file}: no tests", style="bold"))
    results = []
    neighbours = Neighbours(file)
    for case in cases:
        values = ValuesInMemory(compilation.manifest.trigger_keep)
        work = _work(values.objects, neighbours)
        result = run_case(compilation, case, work, build_timeline, neighbours.machine, values)
        _show(result)
        results.append(result)
    return results


def _work(objects: MemoryObjects, neighbours: Neighbours) -> Work:
    records = MemoryRecords()
    return lambda payload: invoke_node(
        payload, records, time.time, objects=objects, find_workflow=neighbours.asked
    )


def _show(result: CaseResult) -> None:
    mark, colour = ("✓", "green") if result.passed else ("✗", "red")
    virtual = f"  ({duration(result.elapsed_seconds)} of virtual time)" if result.elapsed_seconds else ""
    talk(Text.assemble((f"  {mark} ", colour), result.name, (virtual, "dim")))
    for problem in result.problems:
        talk(Text(f"      {problem}", style="red"))
