"""Splits a machine whose runs would have more history events than one execution may have."""

from translator.legalize.events.findings import check_events, events_note
from translator.legalize.events.splitting import split_runs

__all__ = ["check_events", "events_note", "split_runs"]
