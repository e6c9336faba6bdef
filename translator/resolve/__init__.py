"""Phase 2: a definition becomes a graph of typed nodes, with every name bound."""

from translator.resolve.resolver import Resolved, resolve

__all__ = ["Resolved", "resolve"]
