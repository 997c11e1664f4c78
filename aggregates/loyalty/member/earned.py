"""The lot that a purchase opens, and whether it was opened before."""

from collections.abc import Collection
from dataclasses import replace

from aggregates import refuse_unequal, repeats
from aggregates.loyalty.lots import Lot, Lots
from aggregates.loyalty.member.events import PointsEarned
from aggregates.loyalty.purchases import differing


def opened(lots: Lots, event: PointsEarned) -> Lots:
    lot = Lot(
        event.points,
        event.points - event.settled,
        event.settled,
        event.expires_on,
        event.dealer,
        day=event.day,
        till=event.till,
        sale=event.sale,
    )
    if event.earned_at is not None:
        lot = replace(lot, earned_at=event.earned_at)
    return lots.put({**_without_sale(lots, event), event.lot: lot})


def _without_sale(lots: Lots, event: PointsEarned) -> dict[str, Lot]:
    """Where points are given anew, the sale is of the new lot alone."""
    if event.sale is None or event.lot == event.purchase:
        return {}
    before = lots.named(event.purchase)
    return {name: replace(lot, sale=None) for name, lot in before if lot.sale == event.sale}


def same(before: PointsEarned, asked: PointsEarned, but: Collection[str]) -> bool:
    """Whether it is the purchase that was recorded; where that was told otherwise, it raises.

    A purchase of an older build does not know its day: told otherwise, it is another of its number.
    """
    if before.day is None:
        unknown = "day", "till", "earned_at", "lines", "sale", "lot", "settled", *but
        return replace(asked, **{name: getattr(before, name) for name in unknown}) == before
    refuse_unequal(*differing(before.lines, asked.lines))
    return repeats(before, asked, but={"lot", "settled", "lines", "sale", *but})
