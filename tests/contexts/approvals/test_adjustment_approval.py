"""Adjustments that a route leads through are made when all have signed them."""

from typing import Any

import pytest
from scenario import World
from shop import Shop

from aggregates import ReferenceTaken
from aggregates.inventory.adjustment import AdjustmentOver, StockAdjustment
from aggregates.inventory.stock import Stock
from commands.approvals.approval import RefuseApproval, SignApproval, WithdrawApproval
from commands.approvals.asking import NotApproved
from commands.inventory.adjustment import MakeAdjustment, RequestAdjustment
from commands.inventory.adjustment_approval import NeedsSignatures
from commands.inventory.stock import AdjustStock
from commands.inventory.stock_corrections import ReverseMovement
from commands.organisation.settings import ChangeSettings
from services.bootstrap import request

ID = "adjustment:J-1:1"
ROUTE = {
    "name": "large",
    "document": "adjustment",
    "where": "quantity.gte=10",
    "steps": [{"signers": [{"account": "li"}]}],
}
LED = ChangeSettings(id="approvals.routes", values={"routes": [ROUTE]}, reason="four eyes")


def asked(quantity: int, location: str = "WH-1", item: str = "tea") -> RequestAdjustment:
    place: dict[str, Any] = {"location": location, "item": item}
    return RequestAdjustment(id="J-1", **place, quantity=quantity, reason="broken")


def on_hand(world: World) -> int:
    stock: Stock = world.load(Stock, "WH-1:tea")
    return stock.on_hand


def status(world: World) -> str:
    adjustment: StockAdjustment = world.load(StockAdjustment, "J-1")
    return adjustment.status


@pytest.mark.parametrize("routes", [(), (LED,)], ids=["no route", "a route for others"])
def test_what_no_route_leads_is_adjusted_at_once(world: World, routes: Any) -> None:
    world.ask(*routes, asked(-9))
    assert (status(world), on_hand(world)) == ("made", 41)


def test_an_adjustments_id_stands_for_nothing_else_and_once(world: World) -> None:
    place: dict[str, Any] = {"location": "WH-1", "item": "tea"}
    wrong = ReverseMovement(**place, document="adjusted", reference="J-1", reason="typo")
    world.ask(asked(-9), wrong)
    assert status(world) == "reversed"
    world.refuses(asked(-9), ReferenceTaken)
    world.ask(AdjustStock(**place, quantity=-9, reason="broken", reference="J-2"))
    world.refuses(asked(-9).model_copy(update={"id": "J-2"}), ReferenceTaken)
    assert on_hand(world) == 41


def test_a_large_adjustment_waits_for_its_signers(world: World) -> None:
    world.ask(LED, asked(-10))
    assert (status(world), on_hand(world)) == ("requested", 50)
    world.refuses(MakeAdjustment(id="J-1"), NotApproved)
    world.acting("li").ask(SignApproval(id=ID, step=1))
    world.ask(MakeAdjustment(id="J-1"))
    assert (status(world), on_hand(world)) == ("made", 40)


def test_what_has_to_be_signed_is_not_adjusted_by_one(world: World) -> None:
    place = {"location": "WH-1", "item": "tea", "reason": "broken", "reference": "R-1"}
    world.ask(LED, AdjustStock(**place, quantity=-9))
    world.refuses(AdjustStock(**{**place, "reference": "R-2"}, quantity=-10), NeedsSignatures)


def test_what_was_refused_or_taken_back_is_not_made(world: World) -> None:
    world.ask(LED, asked(-10))
    world.acting("li").ask(RefuseApproval(id=ID, step=1, reason="count again"))
    assert status(world) == "refused"
    world.refuses(MakeAdjustment(id="J-1"), AdjustmentOver)


def test_who_asked_takes_his_adjustment_back(world: World) -> None:
    world.ask(LED, asked(-10), WithdrawApproval(id=ID, reason="a mistake"))
    assert status(world) == "withdrawn"


def test_after_the_last_signature_it_is_made_by_itself(shop: Shop) -> None:
    shop.receive("I1", 50)
    shop.ask(LED, asked(-10, "W1", "I1"))
    shop.start().execute(request(SignApproval(id=ID, step=1), "li"))
    shop.drain()
    assert shop.load(Stock, "W1:I1").on_hand == 40
