"""What may be asked about lots: quarantine, release, and the expiry day put right."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar

from pydantic import Field

from aggregates import Refused
from aggregates.catalog.product import Product
from aggregates.inventory.lot import LotEvent, ProductLot
from aggregates.inventory.lot_rules import LotSettings
from aggregates.inventory.stock.lots import LotChoice, LotTerms
from aggregates.operations.register import TooAlike
from commands import Command, Day, Decision, Id, Load, Text, registers
from commands.settings import in_force


class LotNeeded(Refused):
    """What is followed by lot is received by lot."""


class LotCommand(Command):
    """A request about a lot; its product and its number are its id."""

    id: ClassVar[Any] = property(lambda self: ProductLot.id_of(self.item, self.lot))  # type: ignore[misc]

    item: Id
    lot: Id


class RegisterLot(LotCommand, of=ProductLot):
    """Enter a lot before it comes; a receipt that names another one enters it by itself."""

    begins: ClassVar[bool] = True

    expires_on: Day | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        if load(ProductLot, self.id) == ProductLot():
            registers.item(load, self.item)
            _not_too_alike(load, self.item, self.lot)
        yield from super().across(load, at)

    def decide(self, state: ProductLot, at: datetime) -> Iterator[LotEvent]:
        return state.register(self.item, self.lot, self.expires_on)


class CorrectLotExpiry(LotCommand, of=ProductLot):
    """Correct the last day on which a lot is sold; null says that it keeps for ever."""

    expires_on: Day | None
    reason: Text

    def decide(self, state: ProductLot, at: datetime) -> Iterator[LotEvent]:
        return state.correct(self.expires_on, self.reason)


class QuarantineLot(LotCommand, of=ProductLot, when=lambda lot: not lot.quarantined):
    """Hold a lot back, wherever it lies: it stays on hand, and nothing of it is issued."""

    reason: Text

    def decide(self, state: ProductLot, at: datetime) -> Iterator[LotEvent]:
        return state.quarantine(self.reason, at)


class ReleaseLot(LotCommand, of=ProductLot, when=lambda lot: lot.quarantined):
    """Let a lot that was held back be issued again."""

    reason: Text

    def decide(self, state: ProductLot, at: datetime) -> Iterator[LotEvent]:
        return state.release(self.reason, at)


LOT = Field(None, description="The lot that is meant. Of what goes out, what expires first.")


def choosing(load: Load, at: datetime, item: str = "", lot: str | None = None) -> LotChoice:
    """What goes first as of an instant, or a lot of an item."""
    return LotChoice(at, partial(lot_terms, load), lot_id(item, lot))


def lot_id(item: str, lot: str | None) -> str | None:
    return None if lot is None else ProductLot.id_of(item, lot)


def lot_terms(load: Load, lot: str, at: datetime) -> LotTerms:
    state: ProductLot = load(ProductLot, lot)
    return LotTerms(state.expires_on, state.quarantined_at(at))


def registered(
    load: Load, item: str, lot: str | None, expires_on: date | None
) -> Iterator[Decision]:
    """The lot is known from its first receipt on."""
    if lot is not None:
        key = ProductLot.id_of(item, lot)
        for event in load(ProductLot, key).register(item, lot, expires_on):
            _not_too_alike(load, item, lot)
            yield ProductLot.stream(key), event


def _not_too_alike(load: Load, item: str, lot: str) -> None:
    """Refuse to enter a lot once more with other capitals."""
    for other in sorted({lot.upper(), lot.lower()} - {lot}):
        if load(ProductLot, ProductLot.id_of(item, other)).exists:
            raise TooAlike(
                f"{item} has a lot {other}. Write it so, or give lot {lot} a name of its own.",
                f"{item} 已有批次 {other}。请照此填写，或为批次 {lot} 另起编号。",
            )


def must_be_told(load: Load, item: str, at: datetime) -> None:
    """Refuse to take goods in without a lot that the company follows by lot."""
    rules = in_force(load, LotSettings, at).settings
    if item not in rules.products:
        if not rules.categories:
            return
        product: Product = load(Product, item)
        if product.category not in rules.categories:
            return
    raise LotNeeded(
        f"{item} is received by lot. Name the lot, and the day on which it expires.",
        f"{item} 须按批次收货。请填写批次及其有效期。",
    )
