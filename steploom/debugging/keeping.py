"""Commands about the session itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from steploom.debugging.arguments import nothing_more
from steploom.debugging.console import Command, Console
from translator.debugger.errors import CommandError

MARK = "# steploom debug: a saved session"


def save(console: Console, rest: str) -> Iterator[str]:
    """Writes the commands so far into a file that `--commands` reads."""
    if not rest:
        raise CommandError("save where?", "name a file, such as save session.txt")
    path = Path(rest)
    lines = [MARK, *([f"# {console.heading}"] if console.heading else []), *console.obeyed]
    try:
        if path.exists() and not path.read_text(encoding="utf-8").startswith(MARK):
            raise CommandError(f'"{path}" is there already and is no saved session', "name another file")
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        fresh.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f'"{path}" cannot be written: {error}', "name another file") from error
    yield f"{len(console.obeyed)} commands saved; run them again with --commands {path}"


def show_help(console: Console, rest: str) -> Iterator[str]:
    """All commands, or one."""
    chosen = (
        [console.command(rest)]
        if rest
        else list({id(one): one for one in console.commands.values()}.values())
    )
    width = min(max(len(command.usage) for command in chosen), 36)
    for command in chosen:
        short = f" ({', '.join(command.short)})" if command.short else ""
        if len(command.usage) > width:
            yield f"  {command.usage}"
            yield f"  {'':<{width}}  {command.summary}{short}"
        else:
            yield f"  {command.usage:<{width}}  {command.summary}{short}"


def quit_session(console: Console, rest: str) -> Iterator[str]:
    """Ends the session."""
    nothing_more(rest)
    console.is_over = True
    yield from ()


COMMANDS = (
    Command("save FILE", "write the commands so far into a file for --commands", save, is_kept=False),
    Command("help [COMMAND]", "this list", show_help, ("?",), is_kept=False),
    Command("quit", "end the session", quit_session, ("q", "exit"), is_kept=False),
)
