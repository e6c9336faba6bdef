"""Asks services for what is new, and fires it."""
