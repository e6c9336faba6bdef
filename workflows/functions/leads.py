"""Functions of the lead workflow."""

from __future__ import annotations

from typing import TypedDict

from translator.work.registered_function import function


class Profile(TypedDict, total=False):
    """What is known about a lead; all of it may be missing, or null."""

    email: str
    company: str | None
    employees: int | None
    country: str | None
    headlines: list[str] | str | None


class Score(TypedDict):
    """Points from 0 to 100 and what they were given for."""

    points: int
    reasons: list[str]


@function
def lead_score(profile: Profile) -> Score:
    """How promising a lead is."""
    employees = profile.get("employees") or 0
    rules = (
        (40, "more than 500 employees", employees > 500),
        (20, "more than 50 employees", 50 < employees <= 500),
        (20, "a company we know", bool(profile.get("company"))),
        (20, "in a country we sell to", profile.get("country") in ("DE", "IT", "FR", "AT", "CH")),
    )
    given = [(points, reason) for points, reason, holds in rules if holds]
    return {"points": sum(points for points, _ in given), "reasons": [reason for _, reason in given]}
