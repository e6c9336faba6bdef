"""The expressions of definitions: read, checked, rewritten, built and evaluated."""
