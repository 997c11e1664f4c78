"""Whatever can be asked or seen is granted by name: nothing without a line, no line for nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_origin

import pytest
from fastapi.routing import APIRoute

from aggregates.mentions import NAMED
from aggregates.organisation import grants
from aggregates.organisation.built_in_roles import BUILT_IN, OWNER
from aggregates.organisation.rights import covers
from commands import Command
from commands.authorisation import SEVERAL
from commands.fields import ID
from infra.settings import Settings
from projections.engine import View
from projections.engine.record import Record
from services.access import actions
from services.api.app import build
from services.api.guards import Anybody, Needs
from services.bootstrap import RECORDS, VIEWS, platform

PROBES = {"/", "/livez", "/readyz", "/docs", "/problems/{slug}"}
CONSOLE = {"/console", "/console/{path:path}"}
TO_SIGN_IN = {"/sessions", "/sessions/oidc", "/sessions/oidc/callback", "/sessions/demo"}
OPEN = PROBES | CONSOLE | TO_SIGN_IN
"""What is answered without a key."""
OWNERS_ALONE = {
    "command:approvals/reassign-approval",
    "read:organisation/accounts",
    "read:organisation/roles",
    "read:organisation/sharing_rules",
    "read:organisation/series",
    "read:organisation/settings_changes",
    "read:operations/register",
    "read:operations/exclusion",
    "read:operations/deadline",
    "read:files/file",
    "operate:keys",
    "operate:metrics",
    "operate:parked",
    "operate:rebuild",
    "operate:users",
    "operate:webhooks",
}
"""What no other built-in role grants but by a star."""


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[APIRoute]:
    made = platform(Settings(data=Path(tmp_path_factory.mktemp("data"))))
    made.prepare()
    found = [route for route in build(made).routes if isinstance(route, APIRoute)]
    made.close()
    return found


def needed(route: APIRoute) -> Iterator[Needs | Anybody]:
    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, Needs | Anybody):
            yield dependency.call


def test_every_route_says_what_it_needs(routes: list[APIRoute]) -> None:
    """A command needs what its name says: that is looked up as it is decided."""
    bare = {
        route.path
        for route in routes
        if not any(needed(route)) and not route.path.startswith("/commands/")
    }
    assert bare == OPEN


def test_what_a_route_needs_can_be_granted(routes: list[APIRoute]) -> None:
    known = set(actions.every())
    asked = {one.action for route in routes for one in needed(route) if isinstance(one, Needs)}
    assert asked <= known


def test_every_grant_of_a_built_in_role_grants_something() -> None:
    known = list(actions.every())
    for name, granted in BUILT_IN.items():
        grants.check(" ".join(granted))
        for grant in granted:
            plain = grant.removesuffix(grants.ALL)
            assert any(covers(plain, action) for action in known), f"{name}: {grant}"


def test_everything_is_granted_by_a_role_other_than_the_owners() -> None:
    """A new command or list that nobody was thought of fails here."""
    plain = [
        grant.removesuffix(grants.ALL)
        for name, granted in BUILT_IN.items()
        if name not in (OWNER, "service")
        for grant in granted
        if not grant.endswith("*/*") and grant.removesuffix(grants.ALL) != "read:*/*"
    ]
    left = {one for one in actions.every() if not any(covers(grant, one) for grant in plain)}
    commands = {one for one in left - OWNERS_ALONE if one.startswith("command:")}
    assert {one.partition("/")[0] for one in commands} <= {
        "command:organisation",
        "command:operations",
        "command:catalog",
    }
    assert left - commands == OWNERS_ALONE


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_record_is_reached_by_the_dimensions_of_its_aggregate(record: Record) -> None:
    dimensions = record.kind().dimensions
    assert (record.scope is None) == (dimensions is None)
    if dimensions is not None and record.scope is not None:
        assert record.scope.keys() == dimensions.keys()


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_says_by_what_a_scope_reaches_its_rows(view: View) -> None:
    assert view.scope is not None
    assert set(view.scope) <= {"department", "region", "owner", "dealer"}
    assert set(view.scope.values()) <= set(view.dimensions)


INVITED = "participants"
"""Colleagues, whom everybody may invite."""


def test_whatever_several_things_a_command_names_is_looked_at() -> None:
    """A new field of ids is either of a kind that a scope reaches, or of a tree."""
    several = {
        name
        for command in Command.known.values()
        for name, field in command.model_fields.items()
        if get_origin(field.annotation) is tuple and ID.pattern in str(field.annotation)
    }
    assert several <= {*NAMED, *SEVERAL, "departments", "regions", INVITED}
