"""The command line: `steploom`."""
