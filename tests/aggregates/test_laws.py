"""Whatever is asked, asking again changes nothing, and storage keeps every fact as it was."""

from datetime import date, datetime, timedelta
from typing import get_args

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from laws import asked, few, names, quick, storage_keeps, try_out
from scenario import NOON, World

from aggregates import Event
from aggregates.approvals.request import ConfirmationRequested
from aggregates.inventory.stock import StockEvent
from aggregates.loyalty.member import MemberEvent
from aggregates.orders.order import OrderEvent
from aggregates.organisation.settings import SettingsChanged
from commands import Command
from commands.catalog.product import AddProduct, DiscontinueProduct, RepriceProduct, ResumeProduct
from commands.customers.customer import (
    AddContact,
    ChangeCustomerDetails,
    FreezeCustomer,
    ReassignCustomer,
    RegisterCustomer,
    RemoveContact,
    UnfreezeCustomer,
)
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    RescheduleOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)
from commands.organisation.rep import DismissRep, HireRep, MoveRep

places = st.none() | names
some_day = st.dates(date(1900, 1, 1), date(9998, 12, 31))
hours = st.integers(-3, 48).map(lambda n: NOON + timedelta(hours=n))
one = {"id": st.just("A")}
who = {"owner": names, "department": places, "region": places}
deals = {
    "customer": st.just("A"),
    "title": names,
    "amount": few,
    "currency": st.just("CNY"),
    "expected_close": st.none(),
    "rep": places,
    "department": places,
    "region": places,
}
stages = st.sampled_from(["qualification", "proposal", "announced", "submitted"])
anything = st.one_of(
    asked(HireRep, id=names, name=names, department=names, region=names, title=places),
    asked(MoveRep, id=names, department=names, region=names),
    asked(DismissRep, id=st.just("C"), reason=names),
    asked(RegisterCustomer, **one, **who, name=names, city=places, country=places, source=places),
    asked(ChangeCustomerDetails, **one, name=names, city=places, country=places),
    asked(ReassignCustomer, **one, **who, reason=names),
    asked(AddContact, **one, contact=names, name=names, title=places, phone=places, email=places),
    asked(RemoveContact, **one, contact=names),
    asked(FreezeCustomer, **one, reason=names),
    asked(UnfreezeCustomer, **one),
    asked(
        AddProduct,
        **one,
        name=names,
        category=names,
        unit=names,
        supplier=places,
        list_price=few,
        cost=st.none() | few,
        currency=st.just("CNY"),
    ),
    asked(RepriceProduct, **one, list_price=few, cost=st.none() | few),
    asked(DiscontinueProduct, **one, reason=names),
    asked(ResumeProduct, **one),
    asked(OpenOpportunity, **one, **deals),
    asked(AdvanceOpportunity, **one, stage=stages),
    asked(AdvanceOpportunity, **one, stage=stages),
    asked(RevalueOpportunity, **one, amount=few),
    asked(RescheduleOpportunity, **one, expected_close=st.none() | some_day),
    asked(ReassignOpportunity, **one, rep=names, department=places, region=places),
    asked(WinOpportunity, **one, order=places),
    asked(LoseOpportunity, **one, detail=places),
)


@quick
@given(st.lists(st.tuples(anything, hours), min_size=10, max_size=60))
def test_asking_again_changes_nothing(asks: list[tuple[Command, datetime]]) -> None:
    place = {"department": "A", "region": "A"}
    told = {"name": "A", "customer_kind": "dealer", "owner": "A", **place}
    reps = (HireRep(id=rep, name=rep, **place) for rep in ("A", "B"))
    deal = OpenOpportunity(id="A", customer="A", title="A", amount=1, currency="CNY")
    world = World()
    world.ask(*reps, RegisterCustomer(id="A", **told), deal)
    for command, at in asks:
        try_out(world, command, at)


plain = st.none() | st.booleans() | st.integers(-1_000, 1_000) | st.text()
st.register_type_strategy(
    SettingsChanged, st.builds(SettingsChanged, values=st.dictionaries(st.text(), plain))
)

st.register_type_strategy(
    ConfirmationRequested,
    st.builds(ConfirmationRequested, content=st.dictionaries(st.text(), plain)),
)


EVENTS = [kind for kind in Event.known.values() if kind.__module__.startswith("aggregates.")]


def test_events_of_all_kinds_are_tried() -> None:
    assert set(EVENTS) >= {*get_args(MemberEvent), *get_args(OrderEvent), *get_args(StockEvent)}


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(quick, max_examples=5)
@given(data=st.data())
def test_every_event_is_stored_and_read_back_the_same(
    kind: type[Event], data: st.DataObject
) -> None:
    storage_keeps(data.draw(st.from_type(kind)))
