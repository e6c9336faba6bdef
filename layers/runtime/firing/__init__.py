"""What happens between a trigger that fires and the run that it starts."""
