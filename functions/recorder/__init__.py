"""Writes the final record of each run."""
