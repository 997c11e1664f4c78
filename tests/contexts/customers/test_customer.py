"""A customer has one owner at any time, and no handover loses what went before."""

from dataclasses import replace

import msgspec
import pytest
from pydantic import ValidationError
from scenario import World, given

from aggregates import ReferenceTaken, Unknown
from aggregates.customers.customer import (
    ContactAdded,
    ContactChanged,
    ContactRemoved,
    Customer,
    CustomerDetailsChanged,
    CustomerFrozen,
    CustomerReassigned,
    CustomerReclassified,
    CustomerRegistered,
    CustomerUnfrozen,
)
from aggregates.organisation.rep import (
    RepDetailsChanged,
    RepGone,
    RepHired,
    RepLeft,
    RepMoved,
    RepReturned,
)
from commands.customers.customer import (
    AddContact,
    ChangeContact,
    ChangeCustomerDetails,
    FreezeCustomer,
    ReassignCustomer,
    RegisterCustomer,
    RemoveContact,
    UnfreezeCustomer,
)
from commands.organisation.rep import ChangeRepDetails, DismissRep, HireRep, MoveRep, ReturnRep

hire_li = HireRep(id="li", name="Li Wei", department="east", region="shanghai")
hire_wu = HireRep(id="wu", name="Wu Fang", department="west", region="chengdu")
register = RegisterCustomer(id="C1", name="Golden Shop", customer_kind="dealer", owner="li")
REGISTERED = CustomerRegistered("Golden Shop", "dealer", "li", "east", "shanghai", None, None, None)
add_contact = AddContact(id="C1", contact="P1", name="Zhao", title="buyer", phone="13800000000")
CONTACT = ContactAdded("P1", "Zhao", "buyer", "13800000000", None, 1)


def test_a_customer_belongs_to_where_its_owner_works() -> None:
    assert World().ask(hire_li, register) == (REGISTERED,)


def test_registering_again_does_nothing_even_after_a_handover() -> None:
    world = World()
    hand_over = ReassignCustomer(id="C1", owner="wu", reason="new region")
    assert world.ask(hire_li, hire_wu, register, hand_over, register) == ()


def test_one_id_is_not_two_customers() -> None:
    other = register.model_copy(update={"name": "Silver Shop"})
    given(REGISTERED).when(other).refused(ReferenceTaken)


def test_an_owner_must_be_somebody_wherever_the_customer_belongs() -> None:
    World().refuses(register, Unknown)
    told = register.model_copy(update={"department": "south", "region": "canton"})
    World().refuses(told, Unknown)
    (registered,) = World().ask(hire_li, told)
    assert isinstance(registered, CustomerRegistered)
    assert (registered.owner, registered.department) == ("li", "south")


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


def test_contacts_come_and_go() -> None:
    remove = RemoveContact(id="C1", contact="P1")
    given(REGISTERED).when(add_contact).then(CONTACT)
    given(REGISTERED, CONTACT).when(add_contact).then()
    given(REGISTERED, CONTACT).when(remove).then(ContactRemoved("P1"))
    given(REGISTERED, CONTACT, ContactRemoved("P1")).when(remove).then()
    again = replace(CONTACT, revision=2)
    given(REGISTERED, CONTACT, ContactRemoved("P1")).when(add_contact).then(again)
    given(REGISTERED, CONTACT, ContactRemoved("P1"), again).when(add_contact).then()
    given(REGISTERED).when(remove).refused(Unknown)


def test_one_contact_id_is_not_two_people() -> None:
    other = add_contact.model_copy(update={"name": "Qian"})
    said = World({"customer-C1": (REGISTERED, CONTACT)}).refuses(other, ReferenceTaken)
    assert "another name" in said
    assert "Qian" not in said


def test_a_contacts_details_are_corrected_one_by_one() -> None:
    call = ChangeContact(id="C1", contact="P1", phone="13900000000", title=None)
    changed = ContactChanged("P1", "Zhao", None, "13900000000", None, 2)
    given(REGISTERED, CONTACT).when(call).then(changed)
    given(REGISTERED, CONTACT, changed).when(call).then()
    mail = ChangeContact(id="C1", contact="P1", email="z@example.com")
    mailed = ContactChanged("P1", "Zhao", None, "13900000000", "z@example.com", 3)
    given(REGISTERED, CONTACT, changed).when(mail).then(mailed)
    given(REGISTERED, CONTACT, changed).when(add_contact).then()
    given(REGISTERED, CONTACT, ContactRemoved("P1")).when(call).refused(Unknown)
    given(REGISTERED).when(call).refused(Unknown)


def test_a_contact_of_an_older_build_is_corrected_too() -> None:
    old = replace(CONTACT, revision=None)
    call = ChangeContact(id="C1", contact="P1", phone=None)
    given(REGISTERED, old).when(call).then(ContactChanged("P1", "Zhao", "buyer", None, None, 2))
    given(REGISTERED, old).when(add_contact).then()


def test_kind_and_source_of_a_customer_are_corrected() -> None:
    change = ChangeCustomerDetails(id="C1", customer_kind="retailer", source="fair")
    changed = CustomerReclassified("dealer", None, "retailer", "fair")
    given(REGISTERED).when(change).then(changed)
    given(REGISTERED, changed).when(change).then()
    none = ChangeCustomerDetails(id="C1", source=None)
    reclassified = CustomerReclassified("retailer", "fair", "retailer", None)
    given(REGISTERED, changed).when(none).then(reclassified)


def test_a_state_tells_nothing_of_a_person() -> None:
    state = msgspec.json.encode(Customer.after([REGISTERED, CONTACT]))
    assert b"Zhao" not in state
    assert b"13800000000" not in state
    assert ContactAdded.personal() == {"name", "phone", "email", "birthday", "hobbies"}


def test_a_customer_is_frozen_and_unfrozen_once() -> None:
    freeze, unfreeze = FreezeCustomer(id="C1", reason="disputed bill"), UnfreezeCustomer(id="C1")
    frozen = CustomerFrozen("disputed bill")
    given(REGISTERED).when(freeze).then(frozen)
    given(REGISTERED, frozen).when(freeze).then()
    other = FreezeCustomer(id="C1", reason="bankrupt")
    given(REGISTERED, frozen).when(other).then(CustomerFrozen("bankrupt"))
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


def test_a_rep_is_hired_moves_and_leaves() -> None:
    move, leave = MoveRep(id="li", department="west", region="chengdu"), DismissRep
    given().when(hire_li).then(LI)
    given(LI).when(hire_li).then()
    given(LI).when(move).then(RepMoved("west", "chengdu"))
    given(LI, RepMoved("west", "chengdu")).when(move).then()
    given(LI).when(leave(id="li", reason="retired")).then(RepLeft("retired"))
    given(LI, RepLeft("retired")).when(leave(id="li", reason="retired")).then()
    given(LI, RepLeft("retired")).when(leave(id="li", reason="ill")).then(RepLeft("ill"))
    given(LI, RepLeft("retired")).when(move).refused(RepGone)
    given(LI, RepLeft("retired")).when(hire_li).then()
    given().when(move).refused(Unknown)


def test_who_left_comes_back_to_where_he_worked_or_elsewhere() -> None:
    back = ReturnRep(id="li")
    gone, returned = RepLeft("retired"), RepReturned("east", "shanghai")
    given(LI, gone).when(back).then(returned)
    given(LI, gone, returned).when(back).then()
    given(LI, gone, returned).when(MoveRep(id="li", department="a", region="b")).then(
        RepMoved("a", "b")
    )
    elsewhere = ReturnRep(id="li", department="west", region="chengdu")
    given(LI, gone).when(elsewhere).then(RepReturned("west", "chengdu"))
    given(LI).when(elsewhere).refused(ReferenceTaken)
    given().when(back).refused(Unknown)


def test_who_comes_back_takes_on_new_business_and_what_was_handed_over_stays() -> None:
    world = World()
    away = DismissRep(id="li", reason="retired")
    world.ask(hire_li, hire_wu, register, away)
    world.ask(ReassignCustomer(id="C1", owner="wu", reason="Li left"), ReturnRep(id="li"))
    assert world.load(Customer, "C1").owner == "wu"
    (second,) = world.ask(register.model_copy(update={"id": "C2"}))
    assert isinstance(second, CustomerRegistered)


def test_a_reps_name_and_title_are_corrected() -> None:
    rename = ChangeRepDetails(id="li", name="Li Weiwei")
    renamed = RepDetailsChanged("Li Weiwei", None, 1)
    given(LI).when(rename).then(renamed)
    given(LI, renamed).when(rename).then()
    given(LI, renamed).when(hire_li).then()
    titled = RepDetailsChanged("Li Weiwei", "manager", 2)
    given(LI, renamed).when(ChangeRepDetails(id="li", title="manager")).then(titled)
    given().when(rename).refused(Unknown)
