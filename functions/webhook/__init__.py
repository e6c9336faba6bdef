"""Receives webhooks and starts runs."""
