"""The debugger: one run, forward and back, looked into and changed, on the laptop."""

from translator.debugger.answers import Answers, Outside
from translator.debugger.errors import DebuggerError
from translator.debugger.launching import Start, input_of, launch_of
from translator.debugger.program import Program, program_of
from translator.debugger.session import Debugger, Move
from translator.debugger.traveller import Snapshot

__all__ = [
    "Answers",
    "Debugger",
    "DebuggerError",
    "Move",
    "Outside",
    "Program",
    "Snapshot",
    "Start",
    "input_of",
    "launch_of",
    "program_of",
]
