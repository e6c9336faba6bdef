"""Makes what fires the triggers of workflows: schedules, rules and sources, repeatable at any point."""
