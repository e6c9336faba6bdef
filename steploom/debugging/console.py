"""Reads commands and obeys them, one after the other, from a terminal, a pipe or a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from steploom.debugging.words import stands
from translator.debugger import Debugger, DebuggerError
from translator.debugger.errors import CommandError, meant

PROMPT: Final = "(debug) "
Obey = Callable[["Console", str], Iterator[str]]
"""Does a command, given what stands behind its name; gives the lines to show. Raises DebuggerError."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `usage` begins with its name, `short` are other names for it."""

    usage: str
    summary: str
    obey: Obey
    short: tuple[str, ...] = ()
    is_move: bool = False
    """Whether an empty line in a terminal does it again."""
    is_kept: bool = True
    """Whether a saved session has it."""

    @property
    def name(self) -> str:
        """Its full name."""
        return self.usage.split()[0]


@dataclass
class Console:
    """One session with the person or file that gives commands."""

    debugger: Debugger
    commands: Mapping[str, Command]
    show: Callable[[str], None]
    notes: Sequence[str] = ()
    """What is to be told before anything else."""
    heading: str = ""
    """How the session was begun, as a saved one tells it."""
    loops: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By first node of a loop all its nodes."""
    obeyed: list[str] = field(default_factory=list)
    """The commands so far that did what they say."""
    has_failed: bool = False
    is_over: bool = False
    _last_move: str = ""

    def begin(self) -> None:
        """Shows where the run stands."""
        self._show_all(iter(self.notes))
        self._show_all(stands(self.debugger))

    def read(self, line: str, *, is_interactive: bool = False) -> None:
        """Obeys one line; a mistake is told and changes nothing."""
        text = line.strip() or (self._last_move if is_interactive else "")
        if not text or text.startswith("#"):
            return
        word, _, rest = text.partition(" ")
        point = self.debugger.point
        try:
            command = self.command(word)
            self._show_all(command.obey(self, rest.strip()))
        except (DebuggerError, KeyboardInterrupt) as mistake:
            # Somebody at a terminal sees it and goes on; a script has to be told at its end.
            self.has_failed = self.has_failed or not is_interactive
            self._refuse(mistake, point)
            return
        if command.is_kept:
            self.obeyed.append(text)
        self._last_move = text if command.is_move else ""

    def _refuse(self, mistake: DebuggerError | KeyboardInterrupt, point: int) -> None:
        if isinstance(mistake, KeyboardInterrupt):
            self.debugger.rewind(min(point, self.debugger.furthest))
            self.show("interrupted")
            self._show_all(stands(self.debugger))
            return
        self.show(mistake.to_text())
        if self.debugger.point != point:
            # It had gone some of the way before.
            self._show_all(stands(self.debugger))

    def command(self, word: str) -> Command:
        """A command by one of its names; raises CommandError."""
        found = self.commands.get(word)
        if found is None:
            names = sorted({command.name for command in self.commands.values()})
            raise CommandError(f'there is no command "{word}"', f"{meant(word, names)} (help lists them all)")
        return found

    def _show_all(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.show(line)


def named(commands: tuple[Command, ...]) -> dict[str, Command]:
    """The commands by every name they have."""
    return {name: command for command in commands for name in (command.name, *command.short)}
