"""Prices of price lists: versions that count from a day on, by the quantity that is taken."""

from datetime import date, timedelta

import pytest
from scenario import NOON, World

from aggregates import Unknown
from aggregates.organisation.region import Region
from aggregates.plain import IsClosed, Unfit
from aggregates.pricing.list_price import (
    BadBreaks,
    FloorAbovePrice,
    ListPrice,
    ListPriceRemoved,
    ListPriceSet,
    OtherUnit,
    QuantityBreak,
    price_for,
)
from aggregates.pricing.price_list import PriceList
from commands.catalog.product import AddProduct
from commands.plain import verbs
from commands.pricing.list_price import OtherCurrency, PriceBreak, RemoveListPrice, SetListPrice

register, change, close, reopen, withdraw = verbs(PriceList)
TODAY = date(2026, 3, 2)
APRIL = date(2026, 4, 1)


def company() -> World:
    world = World()
    world.ask(
        AddProduct(
            id="tea", name="Tea", category="drinks", unit="box", list_price=1_000, currency="CNY"
        ),
        register(id="retail", name="Retail", currency="CNY", priority=1),
    )
    return world


def setting(*breaks: tuple[int, int], **more: object) -> SetListPrice:
    made = [PriceBreak(quantity=quantity, unit_price=price) for quantity, price in breaks]
    asked = {"price_list": "retail", "product": "tea", "breaks": tuple(made), **more}
    return SetListPrice.model_validate(asked)


def test_a_price_is_set_once_however_often_it_is_told() -> None:
    world = company()
    (first,) = world.ask(setting((1, 900), (10, 800)))
    breaks = (QuantityBreak(1, 900), QuantityBreak(10, 800))
    assert first == ListPriceSet("retail", "tea", 1, "box", "CNY", breaks, None, TODAY)
    assert world.ask(setting((1, 900), (10, 800))) == ()


def test_a_new_version_counts_from_its_day_and_leaves_the_days_before() -> None:
    world = company()
    world.ask(setting((1, 900)), setting((1, 950), valid_from=APRIL))
    price: ListPrice = world.load(ListPrice, "retail:tea")
    before, after = price.on(date(2026, 3, 31)), price.on(APRIL)
    assert isinstance(before, ListPriceSet)
    assert isinstance(after, ListPriceSet)
    assert (before.number, before.breaks[0].unit_price) == (1, 900)
    assert (after.number, after.breaks[0].unit_price) == (2, 950)
    assert price.on(date(2026, 3, 1)) is None


def test_of_two_versions_from_one_day_the_newer_one_counts() -> None:
    world = company()
    world.ask(setting((1, 900)), setting((1, 910)))
    assert world.load(ListPrice, "retail:tea").on(TODAY).number == 2


def test_what_is_removed_has_no_price_from_that_day_on() -> None:
    world = company()
    asked = {"price_list": "retail", "product": "tea", "valid_from": APRIL}
    removing = RemoveListPrice.model_validate(asked)
    world.refuses(removing, Unknown)
    world.ask(setting((1, 900)))
    assert world.ask(removing) == (ListPriceRemoved("retail", "tea", 2, APRIL),)
    assert world.ask(removing) == ()
    price: ListPrice = world.load(ListPrice, "retail:tea")
    assert isinstance(price.on(APRIL - timedelta(days=1)), ListPriceSet)
    assert isinstance(price.on(APRIL), ListPriceRemoved)
    assert len(world.ask(setting((1, 900), valid_from=APRIL))) == 1


def test_each_quantity_has_one_price() -> None:
    assert "10, 1" in company().refuses(setting((10, 800), (1, 900)), BadBreaks)
    company().refuses(setting((1, 900), (1, 800)), BadBreaks)


def test_no_price_of_a_list_is_below_its_floor() -> None:
    said = company().refuses(setting((1, 900), (10, 700), floor=750), FloorAbovePrice)
    assert "7.00" in said
    assert "7.50" in said


def test_a_product_is_priced_by_the_unit_it_is_counted_in() -> None:
    company().refuses(setting((1, 900), unit="case"), OtherUnit)
    company().ask(setting((1, 900), unit="box"))


def test_all_prices_of_a_list_are_in_its_currency() -> None:
    company().refuses(setting((1, 900), currency="USD"), OtherCurrency)
    company().ask(setting((1, 900), currency="CNY"))


def test_a_closed_list_takes_no_price_and_an_unknown_one_neither() -> None:
    world = company()
    world.refuses(setting((1, 900), price_list="export"), Unknown)
    world.ask(close(id="retail", reason="replaced"))
    world.refuses(setting((1, 900)), IsClosed)


def test_a_list_for_a_region_names_one_that_is_registered() -> None:
    world = company()
    east = register(id="east", name="East", currency="CNY", priority=2, region="east")
    world.refuses(east, Unknown)
    world.ask(verbs(Region).register(id="east", name="East"))
    assert len(world.ask(east)) == 2


def test_a_list_does_not_end_before_it_begins() -> None:
    backwards = register(
        id="spring",
        name="Spring",
        currency="CNY",
        priority=1,
        valid_from="2026-04-01",
        valid_until="2026-03-31",
    )
    assert "2026-04-01" in company().refuses(backwards, Unfit)


@pytest.mark.parametrize(("quantity", "price"), [(1, None), (5, 900), (9, 900), (10, 800)])
def test_a_quantity_has_the_price_of_the_last_break_it_reaches(
    quantity: int, price: int | None
) -> None:
    breaks = QuantityBreak(5, 900), QuantityBreak(10, 800)
    ladder = ListPriceSet("retail", "tea", 1, "box", "CNY", breaks, None, NOON.date())
    found = price_for(ladder, quantity)
    assert (found and found.unit_price) == price
