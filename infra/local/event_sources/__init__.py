"""Queues as sources of functions: what Lambda's event source mappings do with SQS."""
