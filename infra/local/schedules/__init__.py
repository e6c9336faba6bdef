"""EventBridge Scheduler, and rules with a schedule: what they fire, and when."""
