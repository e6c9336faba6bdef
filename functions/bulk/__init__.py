"""Starts one run of a bulk start."""
