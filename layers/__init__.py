"""What the functions share at run time."""
