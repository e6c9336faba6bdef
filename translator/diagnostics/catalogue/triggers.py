"""The codes of schedules and event patterns: WF390 to WF393."""

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
        also=("WF290",),
    ),
    Entry(
        "WF391",
        "A schedule names no time zone",
        "Times of a schedule are local times of its `timezone` (an IANA name), and move with its clocks.",
        _NIGHTLY.replace("Europe/Rome", "Rome"),
        _NIGHTLY,
        also=("WF290",),
    ),
    Entry(
        "WF392",
        "A schedule never fires",
        "The calendar has no such day, in no year that AWS knows (1970 to 2199).",
        _NIGHTLY.replace("28 2", "30 2"),
        _NIGHTLY,
        also=("WF290",),
    ),
    Entry(
        "WF393",
        "An event pattern that EventBridge refuses",
        "A pattern has the shape of the events that it selects; each leaf is a list of values or operators, "
        "one of which has to hold.",
        _PAID.replace("[paid]}", "paid}"),
        _PAID,
        also=("WF290",),
    ),
)
