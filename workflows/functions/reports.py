"""Functions of the report workflow."""

from __future__ import annotations

from dataclasses import dataclass

from translator.work.registered_function import function


@dataclass(frozen=True)
class Row:
    """What one region sold, in euro."""

    region: str
    revenue: float


@dataclass(frozen=True)
class Summary:
    """A report for people, with the figures it is made of."""

    rows: int
    revenue: float
    text: str


@function
def report_summary(rows: list[Row]) -> Summary:
    """A report's rows as text, the best region first."""
    ranked = sorted(rows, key=lambda row: row.revenue, reverse=True)
    lines = [f"{row.region}: {row.revenue:.2f}" for row in ranked]
    revenue = sum(row.revenue for row in rows)
    return Summary(len(rows), revenue, "\n".join([*lines, f"total: {revenue:.2f}"]))
