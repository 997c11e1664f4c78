"""Lines of orders are priced by lists and rules, and keep how for good."""

from datetime import date, timedelta
from typing import Any

import pytest
from scenario import NOON, World

from aggregates.line_pricing import ListConsidered, RuleConsidered
from aggregates.orders.lines import OrderLine, content_of
from aggregates.orders.order import SalesOrder
from aggregates.pricing.discount_rule import DiscountRule
from aggregates.pricing.price_list import PriceList
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.orders.order import DraftOrder, Line, RedraftOrder, SubmitOrder
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings
from commands.plain import verbs
from commands.prices import BelowFloor, MixedCurrencies
from commands.pricing.list_price import PriceBreak, SetListPrice

lists, rules = verbs(PriceList), verbs(DiscountRule)
FIRST = date(2026, 1, 1)


def company() -> World:
    world = World()
    tea = {"name": "Tea", "category": "drinks", "unit": "box", "cost": 600}
    world.ask(
        HireRep(id="R-1", name="Li", department="sales", region="east"),
        RegisterCustomer(id="C-1", name="Shop", customer_kind="retailer", owner="R-1"),
        RegisterCustomer(id="C-2", name="Depot", customer_kind="dealer", owner="R-1"),
        AddProduct(id="tea", **tea, list_price=1_000, currency="CNY"),
        lists.register(
            id="shops", name="Shops", currency="CNY", priority=1, customer_kind="retailer"
        ),
        setting("shops", (1, 900), (100, 800), floor=700),
    )
    return world


def setting(price_list: str, *breaks: tuple[int, int], **more: Any) -> SetListPrice:
    made = tuple(PriceBreak(quantity=quantity, unit_price=price) for quantity, price in breaks)
    asked = {"price_list": price_list, "product": "tea", "breaks": made, "valid_from": FIRST}
    return SetListPrice.model_validate(asked | more)


def drafting(quantity: int = 10, customer: str = "C-1", **line: Any) -> DraftOrder:
    lines = (Line(item="tea", quantity=quantity, **line),)
    return DraftOrder(id="SO-1", customer=customer, warehouse="WH-1", lines=lines)


def line_of(world: World) -> OrderLine:
    line: OrderLine = world.load(SalesOrder, "SO-1").lines[0]
    return line


def test_a_line_keeps_the_list_the_version_and_the_break_it_was_priced_by() -> None:
    world = company()
    world.ask(drafting(100))
    line = line_of(world)
    assert (line.unit_price, line.amount) == (800, 80_000)
    assert line.pricing is not None
    assert line.pricing.lists == (ListConsidered("shops", 1, 1, "chosen"),)
    assert (line.pricing.price_list, line.pricing.price_version) == ("shops", 1)
    assert line.pricing.from_quantity == 100


def test_whom_no_list_is_for_pays_the_products_own_price() -> None:
    world = company()
    world.ask(drafting(customer="C-2"))
    line = line_of(world)
    assert (line.unit_price, line.amount) == (1_000, 10_000)
    assert line.pricing is not None
    assert line.pricing.price_list is None


def test_no_price_of_an_old_document_changes_with_its_list() -> None:
    world = company()
    world.ask(drafting())
    world.ask(
        setting("shops", (1, 950)),
        lists.change(id="shops", priority=7),
        rules.register(
            id="spring", name="Spring", priority=1, stacking="exclusive", discount_bp=1_000
        ),
    )
    assert (line_of(world).amount, line_of(world).unit_price) == (9_000, 900)


def test_a_rule_leaves_the_list_price_and_says_what_it_took_off() -> None:
    """What a customer saves is seen: the discount is not hidden in a lower price."""
    world = company()
    world.ask(
        rules.register(
            id="spring", name="Spring", priority=1, stacking="stackable", discount_bp=1_000
        ),
        drafting(discount_bp=500),
    )
    line = line_of(world)
    assert line.pricing is not None
    assert (line.unit_price, line.discount_bp, line.amount) == (900, 500, 7_695)
    assert line.pricing.rules == (RuleConsidered("spring", 1, "applied", 900),)
    assert (line.pricing.list_price, line.pricing.taken_off) == (900, 900)


def test_a_price_that_a_person_gives_is_touched_by_no_rule_and_the_list_price_is_kept() -> None:
    world = company()
    world.ask(
        rules.register(
            id="spring", name="Spring", priority=1, stacking="stackable", discount_bp=1_000
        ),
        drafting(unit_price=850),
    )
    line = line_of(world)
    assert line.pricing is not None
    assert (line.unit_price, line.amount, line.pricing.list_price) == (850, 8_500, 900)
    assert line.pricing.rules == ()


def test_an_order_of_an_earlier_day_has_the_price_of_that_day() -> None:
    world = company()
    world.ask(setting("shops", (1, 990), valid_from=NOON.date()))
    yesterday = drafting().model_copy(update={"occurred_at": NOON - timedelta(days=1)})
    world.ask(yesterday, at=NOON - timedelta(days=1))
    assert line_of(world).unit_price == 900


def test_a_list_that_is_no_longer_valid_gives_no_price() -> None:
    world = company()
    world.ask(lists.change(id="shops", valid_until="2026-03-01"), drafting())
    line = line_of(world)
    assert line.unit_price == 1_000
    assert line.pricing is not None
    assert [one.outcome for one in line.pricing.lists] == ["expired"]


def test_an_order_that_is_redrafted_is_priced_anew_in_its_currency() -> None:
    world = company()
    world.ask(drafting(), RedraftOrder(id="SO-1", lines=(Line(item="tea", quantity=100),)))
    assert line_of(world).amount == 80_000
    world.ask(lists.register(id="usd", name="USD", currency="USD", priority=9))
    world.ask(AddProduct(**COFFEE, list_price=5, currency="USD"))
    other = RedraftOrder(id="SO-1", lines=(Line(item="coffee", quantity=1),))
    world.refuses(other, MixedCurrencies)


COFFEE = {"id": "coffee", "name": "Coffee", "category": "drinks", "unit": "box"}


def acting(world: World, role: str) -> World:
    boss = OpenAccount(id="boss")  # the first account may do everything
    granted = GrantRole(id="li", role=role, everything=True)
    world.ask(boss, OpenAccount(id="li", person="R-1"), granted)
    return world.acting("li")


def test_who_may_not_sell_below_the_floor_is_refused_with_the_figures() -> None:
    world = acting(company(), "representative")
    world.ask(drafting(unit_price=699))
    said = world.refuses(SubmitOrder(id="SO-1"), BelowFloor)
    assert "line 1" in said
    assert "6990" in said
    assert "sales-manager" in said


@pytest.mark.parametrize("price", [700, 900])
def test_at_the_floor_and_above_anybody_sells(price: int) -> None:
    world = acting(company(), "representative")
    world.ask(drafting(unit_price=price))
    assert len(world.ask(SubmitOrder(id="SO-1"))) == 1


def test_a_sales_manager_sells_below_the_floor() -> None:
    world = acting(company(), "sales-manager")
    world.ask(drafting(unit_price=500))
    assert len(world.ask(SubmitOrder(id="SO-1"))) == 1


def test_less_margin_than_there_has_to_be_is_below_the_floor_as_well() -> None:
    world = acting(company(), "representative")
    settings = {"min_margin_bp": 3_000}
    world.ask(ChangeSettings(id="pricing.floors", values=settings, reason="margins"))
    world.ask(drafting(unit_price=857))  # 29.98 % is left
    world.refuses(SubmitOrder(id="SO-1"), BelowFloor)


def test_an_approval_route_takes_the_place_of_the_role() -> None:
    world = acting(company(), "representative")
    route = {
        "name": "below the floor",
        "document": "order",
        "where": "below_floor=1",
        "steps": [{"signers": [{"account": "mei"}]}],
    }
    settings = ChangeSettings(id="approvals.routes", values={"routes": [route]}, reason="x")
    world.ask(settings, drafting(unit_price=500), SubmitOrder(id="SO-1"))
    assert world.load(SalesOrder, "SO-1").needs is not None


def test_what_is_signed_is_what_is_ordered_and_not_why_it_costs_that() -> None:
    world = company()
    world.ask(drafting())
    lines = world.load(SalesOrder, "SO-1").lines
    bare = tuple(OrderLine(*list(vars(line).values())[:7]) for line in lines)
    assert content_of(bare) == content_of(lines)
