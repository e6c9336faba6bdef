"""What `steploom demo` needs: a small shop with real HTTP endpoints, and the story it is told with."""
