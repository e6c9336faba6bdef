"""Frees slots whose runs are under way no longer."""
