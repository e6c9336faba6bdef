"""Functions of the lead workflow."""

from __future__ import annotations

from dataclasses import dataclass

from translator.work.registered_function import function


@dataclass(frozen=True)
class Profile:
    """What is known about a lead; all but the address may be missing."""

    email: str
    company: str | None = None
    employees: int | None = None
    country: str | None = None
    headlines: list[str] | str | None = None


@dataclass(frozen=True)
class Score:
    """Points from 0 to 100 and what they were given for."""

    points: int
    reasons: list[str]


@function
def lead_score(profile: Profile) -> Score:
    """How promising a lead is."""
    employees = profile.employees or 0
    rules = (
        (40, "more than 500 employees", employees > 500),
        (20, "more than 50 employees", 50 < employees <= 500),
        (20, "a company we know", bool(profile.company)),
        (20, "in a country we sell to", profile.country in ("DE", "IT", "FR", "AT", "CH")),
    )
    given = [(points, reason) for points, reason, holds in rules if holds]
    return Score(sum(points for points, _ in given), [reason for _, reason in given])
