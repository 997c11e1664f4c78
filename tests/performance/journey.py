"""A year of a grocery chain straight into the log: the events that its import would decide."""

from collections.abc import Iterator
from datetime import UTC, date
from itertools import islice

from aggregates import Event
from aggregates.inventory.stock import Stock, StockSold
from aggregates.loyalty.member import Member, PointsEarned
from aggregates.loyalty.purchases import worth
from infra.clock import micros
from infra.events import Entry
from services.bootstrap import Platform
from services.imports.completejourney import CURRENCY, dealer, member, product
from services.imports.journey_frames import Basket, read

CHUNK = 20_000


def fill(platform: Platform, events: int, weeks: range | None = None) -> None:
    """Append that many events, chained as any others; a command for each would take minutes."""
    made = islice(entries(platform, weeks), events)
    while chunk := list(islice(made, CHUNK)):
        with platform.database.write() as connection:
            platform.store.write(connection, platform.store.lock(connection), chunk)


def entries(platform: Platform, weeks: range | None) -> Iterator[Entry]:
    versions, encode = dict[str, int](), platform.codec.encode
    for basket in read(weeks, UTC).baskets():
        at, key = micros(basket.at), f"basket {basket.basket}"
        for stream, event in _happened(basket):
            versions[stream] = version = versions.get(stream, 0) + 1
            name, data = type(event).__name__, encode(event)
            who = "import:completejourney", key, key, None
            yield Entry(stream, version, name, event.schema, at, *who, data)


def _happened(basket: Basket) -> Iterator[tuple[str, Event]]:
    who, where, what = member(basket.household), dealer(basket.store), str(basket.basket)
    amount, until = sum(line.cents for line in basket.lines), date(basket.at.year + 1, 12, 31)
    money = amount, CURRENCY
    yield (
        Member.stream(who),
        PointsEarned(what, worth(amount, CURRENCY), what, where, *money, until, 0),
    )
    for line in basket.lines:
        stream = Stock.stream(Stock.id_of(where, product(line.item)))
        sold = what, line.quantity, line.cents, CURRENCY, who, basket.at
        yield stream, StockSold("dealer", *sold)
