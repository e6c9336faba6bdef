"""Every command of the debugger."""

from __future__ import annotations

from steploom.debugging import breaking, changing, keeping, looking, moving
from steploom.debugging.console import named

ALL = (*moving.COMMANDS, *breaking.COMMANDS, *looking.COMMANDS, *changing.COMMANDS, *keeping.COMMANDS)
BY_NAME = named(ALL)
