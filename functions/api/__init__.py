"""The REST API: definitions, activation, runs."""
