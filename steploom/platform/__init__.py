"""What commands need that talk to a running platform: local cloud or account."""
