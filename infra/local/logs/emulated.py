"""Looks into moto's log groups; to be called while no request changes them."""

from __future__ import annotations

import moto.backends

from infra.local.names import ACCOUNT, REGION


def has_group(name: str) -> bool:
    """Whether there is a log group of that name."""
    return name in moto.backends.get_backend("logs")[ACCOUNT][REGION].groups
