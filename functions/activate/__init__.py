"""Compiles definitions, checks them, and makes state machines of them."""
