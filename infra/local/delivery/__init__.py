"""Hands what a rule or a schedule fires to its target: kept on disk, tried again, given up into a queue."""
