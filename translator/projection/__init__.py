"""Which parts of a value a state machine itself looks at, and which it only passes on."""
