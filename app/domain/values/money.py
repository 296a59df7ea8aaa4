"""Money is Decimal baht; this is the one place that rounds it."""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
SATANG = Decimal("0.01")
LARGEST_AMOUNT = Decimal("9999999999999.99")


def to_satang(amount: Decimal) -> Decimal:
    """Round half up to the satang (0.01 baht)."""
    return amount.quantize(SATANG, rounding=ROUND_HALF_UP)
