"""A customer has one owner at any time, and no handover loses what went before."""

import msgspec
import pytest
from pydantic import ValidationError
from scenario import World, given

from aggregates import Unknown
from aggregates.customer import (
    ContactAdded,
    ContactRemoved,
    ContactTaken,
    Customer,
    CustomerDetailsChanged,
    CustomerFrozen,
    CustomerReassigned,
    CustomerRegistered,
    CustomerTaken,
    CustomerUnfrozen,
)
from aggregates.rep import RepGone, RepHired, RepLeft, RepMoved, RepTaken
from commands.customer import (
    AddContact,
    ChangeCustomerDetails,
    FreezeCustomer,
    ReassignCustomer,
    RegisterCustomer,
    RemoveContact,
    UnfreezeCustomer,
)
from commands.rep import DismissRep, HireRep, MoveRep

hire_li = HireRep(id="li", name="Li Wei", department="east", region="shanghai")
hire_wu = HireRep(id="wu", name="Wu Fang", department="west", region="chengdu")
register = RegisterCustomer(id="C1", name="Golden Shop", customer_kind="dealer", owner="li")
REGISTERED = CustomerRegistered("Golden Shop", "dealer", "li", "east", "shanghai", None, None, None)
add_contact = AddContact(id="C1", contact="P1", name="Zhao", title="buyer", phone="13800000000")
CONTACT = ContactAdded("P1", "Zhao", "buyer", "13800000000", None)


@pytest.mark.capability("CU-01", "CH-02", "PL-02")
def test_a_customer_belongs_to_where_its_owner_works() -> None:
    assert World().ask(hire_li, register) == (REGISTERED,)


def test_registering_again_does_nothing_even_after_a_handover() -> None:
    world = World()
    hand_over = ReassignCustomer(id="C1", owner="wu", reason="new region")
    assert world.ask(hire_li, hire_wu, register, hand_over, register) == ()


def test_one_id_is_not_two_customers() -> None:
    other = register.model_copy(update={"name": "Silver Shop"})
    given(REGISTERED).when(other).refused(CustomerTaken)


def test_an_owner_must_be_somebody_wherever_the_customer_belongs() -> None:
    World().refuses(register, Unknown)
    told = register.model_copy(update={"department": "south", "region": "canton"})
    World().refuses(told, Unknown)
    (registered,) = World().ask(hire_li, told)
    assert isinstance(registered, CustomerRegistered)
    assert (registered.owner, registered.department) == ("li", "south")


@pytest.mark.capability("CU-17", "PL-13")
def test_a_handover_says_from_whom_and_to_whom() -> None:
    world = World()
    world.ask(hire_li, hire_wu, register)
    hand_over = ReassignCustomer(id="C1", owner="wu", reason="Li leaves")
    before, after = ("li", "east", "shanghai"), ("wu", "west", "chengdu")
    assert world.ask(hand_over) == (CustomerReassigned(*before, *after, "Li leaves"),)
    assert world.ask(hand_over) == ()
    assert world.load(Customer, "C1").owner == "wu"


def test_who_left_takes_nothing_over() -> None:
    world = World()
    world.ask(hire_li, hire_wu, register, DismissRep(id="wu", reason="moved away"))
    world.refuses(ReassignCustomer(id="C1", owner="wu", reason="more work"), RepGone)


def test_what_a_change_leaves_out_stays_and_null_clears() -> None:
    placed = CustomerDetailsChanged("Golden Shop", "Shanghai", "CN")
    rename = ChangeCustomerDetails(id="C1", name="Gold Shop")
    renamed = CustomerDetailsChanged("Gold Shop", "Shanghai", "CN")
    given(REGISTERED, placed).when(rename).then(renamed)
    nowhere = ChangeCustomerDetails(id="C1", city=None)
    given(REGISTERED, placed).when(nowhere).then(CustomerDetailsChanged("Golden Shop", None, "CN"))
    given(REGISTERED, placed).when(ChangeCustomerDetails(id="C1")).then()
    with pytest.raises(ValidationError, match="cannot be empty"):
        ChangeCustomerDetails(id="C1", name=None)


def test_details_change_once() -> None:
    change = ChangeCustomerDetails(id="C1", name="Golden Shop", city="Shanghai")
    changed = CustomerDetailsChanged("Golden Shop", "Shanghai", None)
    given(REGISTERED).when(change).then(changed)
    given(REGISTERED, changed).when(change).then()


@pytest.mark.capability("CU-05")
def test_contacts_come_and_go() -> None:
    remove = RemoveContact(id="C1", contact="P1")
    given(REGISTERED).when(add_contact).then(CONTACT)
    given(REGISTERED, CONTACT).when(add_contact).then()
    given(REGISTERED, CONTACT).when(remove).then(ContactRemoved("P1"))
    given(REGISTERED, CONTACT, ContactRemoved("P1")).when(remove).then()
    given(REGISTERED, CONTACT, ContactRemoved("P1")).when(add_contact).then(CONTACT)
    given(REGISTERED).when(remove).refused(Unknown)


def test_one_contact_id_is_not_two_people() -> None:
    other = add_contact.model_copy(update={"name": "Qian"})
    given(REGISTERED, CONTACT).when(other).refused(ContactTaken)


def test_a_state_tells_nothing_of_a_person() -> None:
    state = msgspec.json.encode(Customer.after([REGISTERED, CONTACT]))
    assert b"Zhao" not in state
    assert b"13800000000" not in state
    assert ContactAdded.personal() == {"name", "phone", "email"}


def test_a_customer_is_frozen_and_unfrozen_once() -> None:
    freeze, unfreeze = FreezeCustomer(id="C1", reason="disputed bill"), UnfreezeCustomer(id="C1")
    frozen = CustomerFrozen("disputed bill")
    given(REGISTERED).when(freeze).then(frozen)
    given(REGISTERED, frozen).when(freeze).then()
    given(REGISTERED, frozen).when(unfreeze).then(CustomerUnfrozen())
    given(REGISTERED).when(unfreeze).then()


@pytest.mark.parametrize(
    "command",
    [
        add_contact,
        FreezeCustomer(id="C1", reason="x"),
        ChangeCustomerDetails(id="C1", name="x"),
        ReassignCustomer(id="C1", owner="li", reason="x"),
    ],
    ids=lambda command: command.slug(),
)
def test_nothing_happens_to_a_customer_that_is_not(command: AddContact) -> None:
    given().when(command).refused(Unknown)


LI = RepHired("Li Wei", "east", "shanghai", None)


@pytest.mark.capability("PL-01", "PL-02")
def test_a_rep_is_hired_moves_and_leaves() -> None:
    move, leave = MoveRep(id="li", department="west", region="chengdu"), DismissRep
    given().when(hire_li).then(LI)
    given(LI).when(hire_li).then()
    given(LI).when(move).then(RepMoved("west", "chengdu"))
    given(LI, RepMoved("west", "chengdu")).when(move).then()
    given(LI).when(leave(id="li", reason="retired")).then(RepLeft("retired"))
    given(LI, RepLeft("retired")).when(leave(id="li", reason="retired")).then()
    given(LI, RepLeft("retired")).when(move).refused(RepGone)
    given(LI, RepLeft("retired")).when(hire_li).refused(RepTaken)
    given().when(move).refused(Unknown)
