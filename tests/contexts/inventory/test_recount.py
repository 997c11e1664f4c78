"""What is counted too far off the book is booked once another person has counted it."""

from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from scenario import NOON, World

from aggregates import Event, Refused
from aggregates.catalog.product import ProductAdded
from aggregates.inventory.counting import CountSettings
from aggregates.inventory.recount import CountedAlready, Recount, RecountAsked, RecountDecided
from aggregates.inventory.stock import Stock, StockCounted, StockReceived
from commands.inventory.stock import CountStock
from commands.organisation.settings import ChangeSettings


def a_house(**limits: Any) -> World:
    tea = ProductAdded("Tea", "drinks", "box", None, 1_000, 600, "CNY")
    there = StockReceived("warehouse", 100, "opening", "X", NOON)
    world = World({"product-tea": (tea,), "stock-W:tea": (there,)})
    world.ask(ChangeSettings(id="inventory.counting", values=limits, reason="four eyes"))
    return world


def counts(world: World, who: str, counted: int, reference: str = "C1") -> list[type[Event]]:
    count = CountStock(location="W", item="tea", counted=counted, reference=reference)
    return [type(event) for event in world.acting(who).ask(count)]


def on_hand(world: World) -> int:
    stock: Stock = world.load(Stock, "W:tea")
    return stock.on_hand


@pytest.mark.parametrize("limit", [{"units": 10}, {"share_bp": 1_000}, {"value": 6_000}])
def test_the_second_count_decides_and_nobody_counts_twice(limit: dict[str, int]) -> None:
    world = a_house(**limit)
    assert counts(world, "li", 90, "C0") == [StockCounted]
    world = a_house(**limit)
    assert counts(world, "li", 89) == [RecountAsked]
    assert counts(world, "li", 89) == []
    count = CountStock(location="W", item="tea", counted=88, reference="C1")
    world.refuses(count, CountedAlready)
    assert on_hand(world) == 100
    assert counts(world, "wu", 87) == [RecountDecided, StockCounted]
    assert (on_hand(world), counts(world, "wu", 87)) == (87, [])


def test_a_third_is_asked_where_two_agree_neither_with_each_other_nor_with_the_book() -> None:
    world = a_house(units=5, counts=3)
    assert counts(world, "li", 50) == counts(world, "wu", 60) == [RecountAsked]
    assert counts(world, "zhao", 70) == [RecountDecided, StockCounted]
    assert counts(world, "li", 50, "C2") == [RecountAsked]
    assert counts(world, "wu", 50, "C2") == [RecountDecided, StockCounted]


@settings(max_examples=60, derandomize=True, database=None)
@given(st.integers(0, 50), st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 200))))
def test_no_difference_beyond_the_limit_is_booked_by_one_person(
    units: int, told: list[tuple[str, int]]
) -> None:
    world = a_house(units=units)
    for number, (who, counted) in enumerate(told):
        before = on_hand(world)
        with suppress(Refused):
            counts(world, who, counted, f"C{number // 3}")
        if on_hand(world) != before and abs(on_hand(world) - before) > units:
            streams = world.streams[f"recount-W:tea:C{number // 3}"]
            who_counted = {one.counter.account for one in streams}  # type: ignore[attr-defined]
            assert len(who_counted) > 1
            assert isinstance(streams[-1], RecountDecided)


def test_settings_without_limits_book_everything() -> None:
    assert CountSettings().within(0, 10**9, 5)
    assert Recount().status == ""
