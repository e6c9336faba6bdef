"""List prices, for what a run has cost; a test holds them to those of the forecast."""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11, us-east-1"
"""AWS: Step Functions pricing, Lambda pricing (arm64). In USD."""
TRANSITION: Final = 0.000025
EXPRESS_REQUEST: Final = 0.000001
EXPRESS_GIGABYTE_SECOND: Final = 0.00001667
EXPRESS_GIGABYTES: Final = 0.0625
"""The least that is counted."""
LAMBDA_REQUEST: Final = 0.0000002
LAMBDA_GIGABYTE_SECOND: Final = 0.0000133334
