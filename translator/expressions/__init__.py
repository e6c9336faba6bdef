"""The expressions of definitions: their syntax, their references and their evaluation."""
