"""Does the work of nodes: one warm function for all of them."""
