"""Accounts are opened for who is there, and given roles with a scope, until they are withdrawn."""

import pytest
from scenario import World

from aggregates import ReferenceTaken, Unknown
from aggregates.operations.register import IdRegistered, TooAlike
from aggregates.organisation.account import (
    Account,
    AccountIsClosed,
    AccountOpened,
    NoScope,
    OneHolder,
    RoleGranted,
    RoleRevoked,
    Scope,
)
from aggregates.organisation.department import Department
from aggregates.organisation.rep import NoRep
from aggregates.organisation.role import Role
from aggregates.plain import IsClosed, Unfit
from commands.customers.customer import RegisterCustomer
from commands.organisation.account import (
    CloseAccount,
    GrantRole,
    OpenAccount,
    ReopenAccount,
    RevokeRole,
)
from commands.organisation.rep import DismissRep, HireRep, MoveRep
from commands.plain import verbs

hire = HireRep(id="li", name="Li", department="east", region="sh")
clerk = HireRep(id="qi", name="Qi", department="east", region="sh", sells=False)
opened = OpenAccount(id="li", person="li")
first = OpenAccount(id="boss")


@pytest.fixture
def world() -> World:
    made = World()
    made.ask(hire, first, opened)
    return made


def test_an_account_is_opened_for_who_works_here() -> None:
    world = World()
    world.ask(first)
    world.refuses(opened, Unknown)
    world.ask(hire)
    assert world.ask(opened) == (AccountOpened("li", None), IdRegistered("li"))
    assert world.ask(opened) == ()
    assert "person li, not nothing" in world.refuses(OpenAccount(id="li"), ReferenceTaken)
    world.refuses(OpenAccount(id="LI", person="li"), TooAlike)
    world.ask(DismissRep(id="li", reason="retired"))
    world.refuses(OpenAccount(id="li2", person="li"), Unknown)


def test_the_first_account_may_give_all_others_what_they_may() -> None:
    world = World()
    granted = RoleGranted("owner", Scope(everything=True))
    assert world.ask(first) == (AccountOpened(None, None), granted, IdRegistered("boss"))


def test_an_account_is_one_persons_or_one_dealers(world: World) -> None:
    world.refuses(OpenAccount(id="x", person="li", dealer="D1"), OneHolder)
    world.refuses(OpenAccount(id="x", dealer="D1"), Unknown)


def test_a_role_is_given_with_a_scope(world: World) -> None:
    grant = GrantRole(id="li", role="representative", own="owner")
    granted = RoleGranted("representative", Scope(own="owner"))
    assert world.ask(grant) == (granted,)
    assert world.ask(grant) == ()
    wider = GrantRole(id="li", role="representative", own="team")
    assert world.ask(wider) == (RoleGranted("representative", Scope(own="team")),)
    assert world.load(Account, "li").roles == {"representative": Scope(own="team")}
    world.refuses(GrantRole(id="li", role="clerk"), NoScope)
    world.ask(OpenAccount(id="pump"))
    world.refuses(GrantRole(id="pump", role="service", own="owner"), NoScope)


def test_a_role_and_what_its_scope_names_must_be_there(world: World) -> None:
    assert "auditor" in world.refuses(GrantRole(id="li", role="king", everything=True), Unknown)
    world.refuses(GrantRole(id="li", role="clerk", departments=("west",)), Unknown)
    world.refuses(GrantRole(id="li", role="clerk", regions=("west",)), Unknown)
    world.refuses(GrantRole(id="li", role="dealer", dealers=("D1",)), Unknown)
    world.refuses(GrantRole(id="nobody", role="clerk", everything=True), Unknown)


def test_a_company_has_roles_of_its_own(world: World) -> None:
    register, close = verbs(Role).register, verbs(Role).close
    world.refuses(register(id="x", name="X", grants="everything"), Unfit)
    world.ask(register(id="x", name="X", grants="read:orders/*, field:cost"))
    world.ask(GrantRole(id="li", role="x", everything=True))
    world.ask(close(id="x", reason="unused"))
    world.refuses(GrantRole(id="li", role="x", own="owner"), IsClosed)


def test_what_is_withdrawn_is_gone_and_closed_accounts_are_given_nothing(world: World) -> None:
    world.refuses(RevokeRole(id="li", role="clerk", reason="x"), Unknown)
    world.ask(GrantRole(id="li", role="clerk", everything=True))
    withdraw = RevokeRole(id="li", role="clerk", reason="moved")
    assert world.ask(withdraw) == (RoleRevoked("clerk", "moved"),)
    assert world.ask(withdraw) == ()
    assert world.load(Account, "li").roles == {}
    world.ask(CloseAccount(id="li", reason="left"))
    world.refuses(GrantRole(id="li", role="clerk", everything=True), AccountIsClosed)
    world.ask(ReopenAccount(id="li"), GrantRole(id="li", role="clerk", everything=True))


def test_from_the_first_one_on_departments_are_those_that_are_registered(world: World) -> None:
    world.ask(verbs(Department).register(id="sales", name="Sales"))
    world.refuses(MoveRep(id="li", department="west", region="sh"), Unknown)
    world.ask(MoveRep(id="li", department="sales", region="sh"))
    shop = RegisterCustomer(id="C1", name="Shop", customer_kind="dealer", owner="li")
    world.refuses(shop.model_copy(update={"department": "west"}), Unknown)
    world.ask(shop.model_copy(update={"department": "sales"}))


def test_who_does_not_sell_has_no_customers(world: World) -> None:
    world.ask(clerk)
    shop = RegisterCustomer(id="C1", name="Shop", customer_kind="dealer", owner="qi")
    world.refuses(shop, NoRep)
