"""Keeps a folder of definitions and a platform in step: one file a workflow, nothing overwritten unseen."""
