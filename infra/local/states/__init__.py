"""The Step Functions service on this machine, on the project's own interpreter."""
