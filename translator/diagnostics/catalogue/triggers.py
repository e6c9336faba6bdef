"""The codes of schedules and event patterns: WF390 to WF393, and WF600 on."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_NIGHTLY: Final = """\
id: report
triggers:
  - {id: nightly, type: schedule, cron: "0 2 28 2 *", timezone: Europe/Rome}
nodes:
  - {id: total, type: transform, parameters: {output: 1}}
"""
_PAID: Final = """\
id: ship
triggers:
  - {id: paid, type: event, pattern: {source: [shop], detail: {state: [paid]}}}
nodes:
  - {id: parcel, type: transform, parameters: {output: 1}}
"""

ENTRIES: Final = (
    Entry(
        "WF390",
        "A schedule cannot be read",
        "`cron` is Unix cron (five fields) or AWS's (six, with `?` in one day field and the year last), "
        "`rate` a count and a unit, `at` a local time.",
        _NIGHTLY.replace("0 2 28 2 *", "0 26 28 2 *"),
        _NIGHTLY,
    ),
    Entry(
        "WF391",
        "A schedule names no time zone",
        "Times of a schedule are local times of its `timezone` (an IANA name), and move with its clocks.",
        _NIGHTLY.replace("Europe/Rome", "Rome"),
        _NIGHTLY,
    ),
    Entry(
        "WF392",
        "A schedule never fires",
        "The calendar has no such day, in no year that AWS knows (1970 to 2199).",
        _NIGHTLY.replace("28 2", "30 2"),
        _NIGHTLY,
    ),
    Entry(
        "WF393",
        "An event pattern that EventBridge refuses",
        "A pattern has the shape of the events that it selects; each leaf is a list of values or operators, "
        "one of which has to hold.",
        _PAID.replace("[paid]}", "paid}"),
        _PAID,
    ),
    Entry(
        "WF600",
        "A schedule's start or end cannot be read",
        "Both are times in ISO 8601; without an offset they are local times of the schedule's `timezone`.",
        _NIGHTLY.replace("timezone:", "start: 31.12.2026, timezone:"),
        _NIGHTLY.replace("timezone:", "start: 2026-12-31T00:00, timezone:"),
    ),
    Entry(
        "WF601",
        "A schedule's start and end leave it no time",
        "It fires from `start` to `end`, both included. One that fires once (`at`) has neither.",
        _NIGHTLY.replace("timezone:", "start: 2027-01-01T00:00, end: 2026-12-31T00:00, timezone:"),
        _NIGHTLY.replace("timezone:", "start: 2026-12-31T00:00, end: 2027-01-01T00:00, timezone:"),
    ),
    Entry(
        "WF602",
        "A calendar cannot be read",
        "Holidays are days of one year or of every year, and the zone is an IANA name.",
        _NIGHTLY.replace("timezone:", "calendar: {holidays: [Christmas]}, timezone:"),
        _NIGHTLY.replace("timezone:", 'calendar: {holidays: ["12-25", "2026-04-06"]}, timezone:'),
    ),
    Entry(
        "WF603",
        "A calendar that is never open",
        "A calendar is open from `opens` up to `closes` of the same day, so no firing could start a run.",
        _NIGHTLY.replace("timezone:", 'calendar: {opens: "17:00", closes: "09:00"}, timezone:'),
        _NIGHTLY.replace("timezone:", 'calendar: {opens: "09:00", closes: "17:00"}, timezone:'),
    ),
)
