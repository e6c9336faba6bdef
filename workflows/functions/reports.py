"""Functions of the report workflow."""

from __future__ import annotations

from typing import TypedDict

from translator.work.registered_function import function


class Row(TypedDict):
    """What one region sold, in euro."""

    region: str
    revenue: float


class Summary(TypedDict):
    """A report for people, with the figures it is made of."""

    rows: int
    revenue: float
    text: str


@function
def report_summary(rows: list[Row]) -> Summary:
    """A report's rows as text, the best region first."""
    ranked = sorted(rows, key=lambda row: row["revenue"], reverse=True)
    lines = [f"{row['region']}: {row['revenue']:.2f}" for row in ranked]
    revenue = sum(row["revenue"] for row in rows)
    return {"rows": len(rows), "revenue": revenue, "text": "\n".join([*lines, f"total: {revenue:.2f}"])}
