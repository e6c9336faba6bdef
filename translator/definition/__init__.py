"""The definition language: its models, and the reader that gives them positions."""
