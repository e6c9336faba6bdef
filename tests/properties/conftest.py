"""Counts what the random cases came to, and prints it at the end of a long run."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from tests.properties.share import is_long

PROPERTY = "random_cases"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each sort of definition, where a number of cases was asked for."""
    if not is_long():
        return
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, (sort, counted) in getattr(report, "user_properties", []):
                if name == PROPERTY:
                    counts[sort].update(counted)
    for sort, counted in sorted(counts.items()):
        ends = ", ".join(f"{number} {end}" for end, number in sorted(counted.items()))
        terminalreporter.write_line(f"{sort}: {counted.total()} cases ({ends})")
    terminalreporter.write_line(f"all sorts: {sum(one.total() for one in counts.values())} cases")
