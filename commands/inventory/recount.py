"""A count that is too far off the book waits for that of another person."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregates.catalog.product import Product
from aggregates.inventory.counting import CountSettings
from aggregates.inventory.recount import Recount, RecountAsked
from aggregates.inventory.stock import StockCounted
from commands import Decision, Load
from commands.approvals.identities import signatory
from commands.settings import in_force


def checked(
    load: Load, location: str, item: str, decisions: Iterable[Decision], at: datetime
) -> Iterator[Decision]:
    """What a count comes to: what follows from it, or that it is to be counted again."""
    settings, version = in_force(load, CountSettings, at)
    if version is None:
        yield from decisions
        return
    for stream, event in decisions:
        if isinstance(event, StockCounted) and settings.holds_at(event.holder):
            key = Recount.id_of(location, item, event.reference)
            count = event.counted, event.book, event.difference, event.counted_at
            who = signatory(load, load.actor)
            asked = RecountAsked(location, item, event.reference, *count, who, version)
            cost = load(Product, item).cost if settings.value is not None else None
            within = settings.within(event.book, event.difference, cost)
            state: Recount = load(Recount, key)
            for told in state.count(asked, within=within, counts=settings.counts):
                yield Recount.stream(key), told
            if load(Recount, key).asked:
                return
        yield stream, event
