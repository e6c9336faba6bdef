"""What every function may import: settings, the store, errors, runs and their timelines."""
