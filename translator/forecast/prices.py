"""AWS's list prices, the one place to bring up to date; the date stands beside every figure made of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars, by what is counted."""

    as_of: str
    region: str
    transition: Decimal
    """A state transition of a Standard workflow; a retry is one too."""
    express_request: Decimal
    """A run of an Express workflow."""
    express_gigabyte_second: Decimal
    """The time of an Express run by its memory, which is counted in steps of 64 MB."""
    lambda_request: Decimal
    lambda_gigabyte_second: Decimal
    """On arm64."""

    def to_text(self) -> str:
        """Where the prices come from."""
        return f"list prices of {self.as_of}, {self.region}"


LIST_PRICES: Final = Prices(
    as_of="2026-11",
    region="us-east-1",
    transition=Decimal("0.000025"),
    express_request=Decimal("0.000001"),
    express_gigabyte_second=Decimal("0.00001667"),
    lambda_request=Decimal("0.0000002"),
    lambda_gigabyte_second=Decimal("0.0000133334"),
)
"""AWS: Step Functions pricing, Lambda pricing."""

CALL_SECONDS: Final = Decimal("0.2")
"""How long a Lambda call is taken to last where nobody has said: a warm call that does little (measured)."""
EXPRESS_GIGABYTES: Final = Decimal("0.0625")
"""The memory that an Express run of small values counts as: 64 MB."""
