"""Runs as the account would have recorded them: made by the interpreter, told as the AWS CLI tells them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from translator.compiler import Compilation
from translator.debugger import Answers, Debugger, Outside, Start, input_of, launch_of, program_of

NAME = "main-orders-20261119T083000-1a2b3c4d"
MOMENT = 1_795_000_000.25


def run_of(
    compilation: Compilation, answers: Answers, trigger: Mapping[str, Any], *, seed: int = 7
) -> Debugger:
    """A run from its beginning, that nobody has gone on with."""
    program = program_of(compilation, compilation.machine)
    start = Start(NAME, input_of(program, trigger), MOMENT, seed)
    return Debugger(program, launch_of(program, start), answers)


def exported(debugger: Debugger, *, late: float = 0.0) -> str:
    """The history so far as the AWS CLI prints it; each event comes `late` seconds later than without."""
    events = [
        {**event, "timestamp": (event["timestamp"] + timedelta(seconds=late * event["id"])).isoformat()}
        for event in debugger.execution.history
    ]
    return json.dumps({"events": events})


def recorded_text(compilation: Compilation, outside: Outside, body: Any, trigger: str = "asked") -> str:
    """A whole run of a definition with one webhook."""
    session = run_of(compilation, Answers(outside), {"id": trigger, "type": "webhook", "body": body})
    session.resume()
    return exported(session)
