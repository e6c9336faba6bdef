"""Starts the runs of what schedules, rules and queues fire."""
