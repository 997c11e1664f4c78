"""Nobody begins what lies beyond his scope, in a department, a region or for a person he names."""

from typing import Any

import pytest
from scenario import World

from aggregates.organisation.department import Department
from aggregates.organisation.region import Region
from aggregates.organisation.role import Role
from commands import PLACES, Command
from commands.authorisation import OutOfScope, check_rights
from commands.leads.lead import CaptureLead
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.rep import HireRep
from commands.plain import verbs
from services.bootstrap import AGGREGATES

BEGINNING = [
    (slug, name)
    for slug, kind in sorted(Command.known.items())
    for name in PLACES
    if AGGREGATES and kind.begins and name in kind.model_fields and kind is not CaptureLead
]
"""All but a need that is heard of anywhere, and passed on to where it belongs."""


@pytest.fixture(scope="module")
def company() -> World:
    """Mei may ask whatever is of the east."""
    world = World()
    for kind in (Department, Region):
        world.ask(*(verbs(kind).register(id=one, name=one) for one in ("all", "east", "west")))
        world.ask(verbs(kind).change(id="east", parent="all"))
    for name, place in (("li", "east"), ("wu", "west")):
        world.ask(HireRep(id=name, name=name, department=place, region=place))
    everything = verbs(Role).register(id="any", name="Any", grants="command:*/*")
    world.ask(OpenAccount(id="boss"), OpenAccount(id="mei"), everything)
    world.ask(GrantRole(id="mei", role="any", departments=("east",), regions=("east",)))
    return world


def refused(world: World, slug: str, **told: Any) -> bool:
    kind = Command.known[slug]
    command = kind.model_construct(id="X-1", **told)
    try:
        check_rights(world.load, "mei", command)
    except OutOfScope:
        return True
    return False


def test_what_names_a_place_is_known() -> None:
    assert {slug for slug, _ in BEGINNING} == {
        "hire-rep",
        "open-opportunity",
        "register-customer",
        "register-discount-rule",
        "register-outlet",
        "register-position",
        "register-price-list",
        "set-target",
    }


@pytest.mark.parametrize(("slug", "name"), BEGINNING)
def test_what_begins_in_a_place_begins_within_the_scope(
    company: World, slug: str, name: str
) -> None:
    assert refused(company, slug, **{name: "west"})
    both = {place: "east" for place in PLACES if place in Command.known[slug].model_fields}
    assert not refused(company, slug, **both)


def test_a_target_is_set_for_nobody_beyond_the_scope(company: World) -> None:
    assert not refused(company, "set-target", rep="li")
    assert refused(company, "set-target", rep="wu")
    assert refused(company, "set-target")
