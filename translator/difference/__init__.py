"""What differs between two versions of a definition, in its parts, its states, and for its callers."""
