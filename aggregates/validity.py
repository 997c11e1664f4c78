"""Two days between which something holds, both included; without one it has no end on that side."""

from datetime import date
from typing import Annotated, Literal

from aggregates.marks import DAY, INDEXED
from aggregates.plain import Unfit

FirstDay = Annotated[str | None, DAY, INDEXED]
LastDay = Annotated[str | None, DAY, INDEXED]
NotValid = Literal["not_yet_valid", "expired"]


def refuse_backwards(first: str | None, last: str | None, name: str) -> None:
    """Refuse a period that ends before it begins; `name` is the field that has its last day."""
    if first is not None and last is not None and last < first:
        raise Unfit(
            f"It would begin on {first} and end on {last}, which is earlier."
            f" Give that day or a later one as {name}.",
            f"有效期自 {first} 起，却在更早的 {last} 结束。请将 {name} 改为该日或之后的日期。",
        )


def not_valid(first: str | None, last: str | None, day: date) -> NotValid | None:
    """Why it does not hold on a business day."""
    if first is not None and day.isoformat() < first:
        return "not_yet_valid"
    if last is not None and day.isoformat() > last:
        return "expired"
    return None
