"""The shapes of values: what is known of data before any run, from schemas, literals and expressions."""
