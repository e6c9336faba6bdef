"""The node types, one file each, found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from keyword import iskeyword

from translator.error_classes import NodeError, Validation
from translator.node_type import NodeType, RunContext

__all__ = ["NodeError", "NodeType", "RunContext", "Validation", "load", "names"]


@cache
def names() -> tuple[str, ...]:
    """The names of all node types, in order."""
    return tuple(sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(__path__)))


@cache
def load(name: str) -> NodeType:
    """The node type of that name; raises KeyError if there is none."""
    if name not in names():
        raise KeyError(name)
    file = f"{name}_" if iskeyword(name) else name
    module = importlib.import_module(f"{__name__}.{file}")
    node_type: NodeType = module.NODE_TYPE
    return node_type
