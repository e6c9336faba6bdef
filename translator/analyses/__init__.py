"""Facts about a graph, each a plain function of it."""
