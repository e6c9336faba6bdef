"""Lambda on this machine: handlers in warm subprocesses behind the service's Invoke interface."""
