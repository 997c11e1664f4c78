"""A year of a grocery chain: every basket sells out of its store, earns, and may be redeemed from.

Households become members, stores become dealers; both, and products, enter when first seen.
A coupon redemption asks for a gift of 50 points at the end of its day, so that what was earned
that day can be spent: where the balance is too small, the refusal is recorded. Lines without a
quantity sold nothing and are left out; lines without a value are kept. The tables tell the time
that each store's clock showed.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aggregates import calendar
from commands import Command
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.loyalty.member import EnrolMember, RedeemPoints
from commands.loyalty.purchase import Bought, RecordPurchase
from commands.organisation.rep import HireRep
from services.bootstrap import Platform
from services.imports import rows
from services.imports.journey_frames import Basket, Journey, Redemption, read
from services.imports.rows import Progress, Report, Row, silent

SOURCE = "completejourney"
CURRENCY = "USD"
OWNER = "head-office"
PLACE = "stores"
PROGRAM = "completejourney"
POINTS = 50
"""What a coupon costs: the data say which was redeemed, not what for."""


class Seen(NamedTuple):
    """What has entered so far."""

    stores: set[int]
    households: set[int]
    products: set[int]


def load(
    platform: Platform,
    weeks: range | None = None,
    progress: Progress = silent,
    zone: str | None = None,
) -> Report:
    """Import the baskets and redemptions of those weeks (1 to 53), or of all.

    The stores' clocks are those of the zone, or of the company's.
    """
    journey = read(weeks, ZoneInfo(zone or calendar.zone()))
    report = rows.load(platform, SOURCE, history(journey), progress, journey.rows)
    report.skipped += Counter(journey.skipped)
    return report


def history(journey: Journey) -> Iterator[Row]:
    """Baskets and redemptions in order of time, each after whatever it needs to exist."""
    seen = Seen(set(), set(), set())
    happened: Iterator[Basket | Redemption] = merge(
        journey.baskets(), journey.redemptions, key=lambda what: what.at
    )
    for what in happened:
        if isinstance(what, Basket):
            yield from _store(seen, what)
            yield from _member(journey, seen, what.household, what.at)
            yield from _products(journey, seen, what)
            yield f"basket {what.basket}", _purchase(what)
        else:
            yield from _member(journey, seen, what.household, what.at)
            yield _redeem(what)


def _store(seen: Seen, basket: Basket) -> Iterator[Row]:
    if basket.store in seen.stores:
        return
    if not seen.stores:
        place = {"department": PLACE, "region": PLACE, "occurred_at": basket.at}
        yield OWNER, HireRep(id=OWNER, name="Head office", **place)
    seen.stores.add(basket.store)
    registered = RegisterCustomer(
        id=dealer(basket.store),
        name=f"Store {basket.store}",
        customer_kind="dealer",
        owner=OWNER,
        source=SOURCE,
        occurred_at=basket.at,
    )
    yield f"store {basket.store}", registered


def _member(journey: Journey, seen: Seen, household: int, at: datetime) -> Iterator[Row]:
    if household in seen.households:
        return
    seen.households.add(household)
    home = dealer(journey.homes[household]) if household in journey.homes else None
    enrolled = EnrolMember(id=member(household), dealer=home, program=PROGRAM, occurred_at=at)
    yield f"household {household}", enrolled


def _products(journey: Journey, seen: Seen, basket: Basket) -> Iterator[Row]:
    for item in {line.item: None for line in basket.lines}:
        if item in seen.products:
            continue
        seen.products.add(item)
        about = journey.products[item]
        added = AddProduct(
            id=product(item),
            name=about.name,
            category=about.category,
            unit=about.unit,
            list_price=about.cents,
            currency=CURRENCY,
            occurred_at=basket.at,
        )
        yield f"product {item}", added


def _purchase(basket: Basket) -> Command:
    return RecordPurchase(
        id=member(basket.household),
        purchase=str(basket.basket),
        dealer=dealer(basket.store),
        currency=CURRENCY,
        lines=tuple(
            Bought(item=product(line.item), quantity=line.quantity, amount=line.cents)
            for line in basket.lines
        ),
        occurred_at=basket.at,
    )


def _redeem(what: Redemption) -> Row:
    name = f"h{what.household}-{what.coupon}-{what.day:%Y%m%d}-{what.ordinal}"
    asked = RedeemPoints(
        id=member(what.household),
        redemption=name,
        form="gift",
        points=POINTS,
        reward=f"coupon {what.coupon}",
        occurred_at=what.at,
    )
    return f"redemption {name}", asked


def dealer(store: int) -> str:
    return f"s{store}"


def member(household: int) -> str:
    return f"h{household}"


def product(item: int) -> str:
    return f"p{item}"
