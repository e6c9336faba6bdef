"""EventBridge on this machine: status changes and events put by clients, matched with the rules."""
