"""steploom compile: a definition's state machine, or any form on the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from click.core import ParameterSource

from steploom.definition_file import compile_file
from steploom.phases import FORMS, Passed, go_through
from steploom.pin_options import pin_options, pins_of
from steploom.screen import result, talk
from translator.compiler import Compilation


@click.command("compile")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write into a folder."
)
@click.option(
    "--to", "form", type=click.Choice(list(FORMS)), default="asl", show_default=True, help="What to print."
)
@click.option("--print-between", is_flag=True, help="Print what stands after every phase, in order.")
@click.option("--time", "with_time", is_flag=True, help="Tell how long each phase took.")
@click.option("--trigger", metavar="ID", help="With pins: the trigger whose run it is.")
@pin_options
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    folder: Path | None,
    form: str,
    print_between: bool,
    with_time: bool,
    trigger: str | None,
) -> None:
    """Compile FILE into a state machine in Amazon States Language."""
    ctx.find_root().obj = file
    is_chosen = ctx.get_parameter_source("form") is not ParameterSource.DEFAULT
    if print_between and (folder is not None or is_chosen):
        raise click.UsageError("--print-between prints every form: give neither --to nor --output with it")
    given = pins_of(ctx)

    def start() -> Compilation:
        return compile_file(file).pinned(given, {}, trigger)

    if not print_between and not with_time:
        _print_form(start(), form, folder)
        return
    passed: list[Passed] = []
    try:
        for compilation, phase in go_through(start):
            passed.append(phase)
            if print_between:
                result(f"==== {phase.name} ====\n{phase.form.text(compilation)}")
        if not print_between:
            _print_form(compilation, form, folder)
    finally:
        # A compilation that fails has got this far.
        if with_time:
            _tell_times(passed)


def _print_form(compilation: Compilation, name: str, folder: Path | None) -> None:
    form = FORMS[name]
    text = form.text(compilation)
    if folder is None:
        result(text)
        return
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{compilation.definition.id}{form.suffix}"
    target.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")
    talk(f"{target}")


def _tell_times(passed: Sequence[Passed]) -> None:
    if not passed:
        return
    rows = [(phase.form.work, phase.seconds) for phase in passed]
    rows.append(("together", sum(seconds for _, seconds in rows)))
    width = max(len(work) for work, _ in rows)
    for work, seconds in rows:
        talk(f"{work:<{width}}  {seconds * 1000:>9.1f} ms")
