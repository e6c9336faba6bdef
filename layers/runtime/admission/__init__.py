"""Decides when a run may begin where a workflow limits how many are under way at once."""
