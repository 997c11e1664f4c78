"""Interactions: one thread for each customer, and each is a follow-up."""

from datetime import timedelta
from typing import Any

import pytest
from scenario import NOON, World

from aggregates import ReferenceTaken, Unknown
from aggregates.customers.customer import Customer
from aggregates.customers.interaction import (
    Interaction,
    InteractionChanged,
    InteractionRecorded,
    NextContactPassed,
)
from commands.customers.customer import AddContact, RegisterCustomer
from commands.customers.interaction import ChangeInteraction, RecordInteraction
from commands.customers.pool import PoolCustomer
from commands.organisation.account import OpenAccount
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings
from infra.clock import micros
from infra.events import Recorded
from services.processes.customers.next_contacts import process

DAY = timedelta(days=1)
NEXT = NOON + 3 * DAY
POOLS = {"pools": [{"name": "p", "periods": [{"follow_up_days": 30}]}]}


def company() -> World:
    world = World()
    for who in ("li", "wu"):
        world.ask(HireRep(id=who, name=who, department="d", region="r"))
    world.ask(
        ChangeSettings(id="customers.pools", values=POOLS, reason="nobody waits"),
        RegisterCustomer(id="C1", name="Shop", customer_kind="retailer", owner="li"),
        AddContact(id="C1", contact="sun", name="Sun"),
    )
    return world


def record(**more: Any) -> RecordInteraction:
    told = {"customer": "C1", "interaction": "1", "way": "call", "text": "They want tea"}
    return RecordInteraction(**told | more)


def recorded(**more: Any) -> InteractionRecorded:
    told = {"customer": "C1", "contact": None, "way": "call", "text": "They want tea"}
    rest = {"owner": "li", "happened_at": NOON, "next_contact": None, "status": "open"}
    return InteractionRecorded(**told | rest | {"solution": None} | more)


def test_a_follow_up_moves_the_deadline_of_the_pool() -> None:
    world = company()
    later = NOON + 20 * DAY
    world.ask(record(), at=later)
    assert world.load(Customer, "C1").tenure.pool_at == later + 30 * DAY
    world.ask(PoolCustomer(id="C1"), at=NOON + 30 * DAY)
    assert world.load(Customer, "C1").owner == "li"


def test_what_is_told_late_counts_from_when_it_was() -> None:
    world = company()
    world.ask(record(), at=NOON + 20 * DAY)
    world.ask(record(interaction="2"), at=NOON + 10 * DAY)
    assert world.load(Customer, "C1").tenure.pool_at == NOON + 50 * DAY


def test_whoever_asks_had_it_unless_told_otherwise() -> None:
    world = company()
    assert world.ask(record())[0] == recorded()
    assert world.ask(record(interaction="2", owner="wu"))[0] == recorded(owner="wu")
    world.ask(OpenAccount(id="wu", person="wu"))
    assert world.acting("wu").ask(record(interaction="3"))[0] == recorded(owner="wu")


def test_it_names_a_contact_of_the_customer_and_comes_before_the_next() -> None:
    world = company()
    world.refuses(record(contact="qi"), Unknown)
    world.refuses(record(customer="C9"), Unknown)
    world.refuses(record(next_contact=NOON - DAY), NextContactPassed)
    world.ask(record(contact="sun", next_contact=NEXT))
    assert world.load(Interaction, "C1:1").known().next_contact == NEXT


def test_an_id_stands_for_one_interaction() -> None:
    world = company()
    world.ask(record())
    assert world.ask(record(), at=NOON + DAY) == ()
    world.refuses(record(text="They want none"), ReferenceTaken)


def test_how_it_was_settled_is_told_later() -> None:
    world = company()
    change = {"customer": "C1", "interaction": "1"}
    world.refuses(ChangeInteraction(**change, text="x"), Unknown)
    world.ask(record())
    settle = ChangeInteraction(**change, status="settled", solution="Sent two boxes")
    settled = InteractionChanged(None, "call", "They want tea", "settled", "Sent two boxes")
    assert world.ask(settle) == (settled,)
    assert world.ask(settle) == ()


def test_a_next_contact_is_a_task_of_whoever_said_so() -> None:
    at = micros(NOON)
    envelope = 1, "interaction-C1:1", 1, "e1", "", 1, at, at, "t", "k", "k", None, "i", b"", b"{}"
    (task,) = process.wants(Recorded(*envelope), recorded(next_contact=NEXT))
    told = task.model_dump()  # type: ignore[union-attr]
    assert (told["id"], told["owner"], told["customer"]) == ("contact-C1-1", "li", "C1")
    assert told["due"] == NEXT
    assert process.wants(Recorded(*envelope), recorded()) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("C1", "2026-03-01-by-telephone-a"), ("C1", "2026-03-01-by-telephone-b")),
        (("C1-1", "2"), ("C1", "1-2")),
        (("C" * 64, "1" * 63 + "a"), ("C" * 64, "1" * 63 + "b")),
    ],
    ids=["ids that begin alike", "ids that join alike", "ids as long as can be"],
)
def test_each_next_contact_has_a_task_of_its_own(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    at, tasks = micros(NOON), set[str]()
    for customer, own in (one, other):
        stream = Interaction.stream(Interaction.id_of(customer, own))
        envelope = 1, stream, 1, "e1", "", 1, at, at, "t", "k", "k", None, "i", b"", b"{}"
        (task,) = process.wants(Recorded(*envelope), recorded(customer=customer, next_contact=NEXT))
        tasks.add(task.id)  # type: ignore[union-attr]
    assert len(tasks) == 2
