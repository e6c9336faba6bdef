"""The project's own Python functions: every `@function` in a file of this folder can be a node."""
