"""What the work of node types needs where it is done: shipped with the function that runs nodes."""
