"""A definition told in words, in the order in which a run goes through it."""
