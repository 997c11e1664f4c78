"""One predicate with shares, too: what is shared is the same decided in the log and selected."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from access.test_scopes import ACTION, path, rights
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario import NOON, World
from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from aggregates import Event
from aggregates.customers.customer import CustomerPooled, CustomerRated, CustomerRegistered
from aggregates.customers.share import CustomerShared, Share, ShareEnded
from aggregates.operations.register import IdRegistered
from aggregates.organisation.department import DepartmentRegistered
from aggregates.organisation.region import RegionRegistered
from aggregates.organisation.rights import Rights
from aggregates.organisation.sharing_rule import SharingRuleClosed, SharingRuleRegistered
from commands.sharing import is_shared
from infra.clock import micros
from infra.events import Recorded
from infra.settings import Settings
from projections.customers import customer, share
from projections.engine import DecodedEvent, among, generations
from projections.engine.conditions import as_sql
from projections.engine.record import Record
from services import bootstrap
from services.access.permissions import Granted
from services.access.shared import shares_with

PLACES = ("all", "east", "west", "shop")
PEOPLE = ("li", "wu")
CUSTOMERS = ("D1", "D2", "D3")
things = Table("hanging_things", MetaData(), *(Column(name, Text) for name in ("id", "dealer")))
SCOPED = {"dealer": "dealer"}

trees = st.dictionaries(st.sampled_from(PLACES[1:]), st.sampled_from([None, "all"]), max_size=3)
ends = st.sampled_from([None, NOON, NOON - timedelta(hours=1), NOON + timedelta(hours=1)])
grantees = st.one_of(
    st.tuples(st.sampled_from(PEOPLE), st.none()),
    st.tuples(st.none(), st.sampled_from(PLACES)),
)
shares = st.lists(
    st.tuples(
        *(st.sampled_from(CUSTOMERS), grantees, st.sampled_from(["read", "work"])),
        *(ends, st.booleans()),
    ),
    max_size=4,
)
maybe = st.sampled_from([None, None, *PLACES])
rules = st.lists(
    st.tuples(
        *(grantees, maybe, maybe, st.sampled_from([None, "A", "B"])),
        *(st.sampled_from([None, "dealer", "retailer"]), st.sampled_from([None, "P"])),
        st.booleans(),
    ).filter(lambda rule: any(rule[1:6])),
    max_size=3,
)
customers = st.lists(
    st.tuples(
        *(st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from([None, "A", "B"])),
        st.sampled_from(["dealer", "retailer"]),
        st.sampled_from([None, "P", "Q"]),
    ),
    min_size=len(CUSTOMERS),
    max_size=len(CUSTOMERS),
)


def company(tree: Mapping[str, str | None], *told: Any) -> World:
    """A world with a tree of departments, the same of regions, customers, shares and rules."""
    some_customers, some_shares, some_rules = told
    streams = dict[str, tuple[Event, ...]]()
    for kind, event in (("department", DepartmentRegistered), ("region", RegionRegistered)):
        for name in PLACES:
            streams[f"{kind}-{name}"] = (event(name, tree.get(name)),)
    for name, (department, region, importance, customer_kind, pool) in zip(
        CUSTOMERS, some_customers, strict=True
    ):
        place = "qi", department, region, None, None, None
        born = CustomerRegistered(name, customer_kind, *place)
        why = "released", None, None, "why", NOON, None
        left = CustomerPooled("qi", department, region, department, region, pool or "", *why)
        streams[f"customer-{name}"] = (born, CustomerRated(importance), *((left,) if pool else ()))
    for name, (person, department), level, until, ended in some_shares:
        shared = CustomerShared(
            *(name, person, department, level, until, "why", "qi", "east", "east")
        )
        stream = Share.stream(Share.id_of(name, person, department))
        streams[stream] = (shared, ShareEnded("over")) if ended else (shared,)
    for number, (grantee, *which, closed) in enumerate(some_rules):
        begun = SharingRuleRegistered(str(number), "read", *grantee, *which)
        over = (SharingRuleClosed("over"),) if closed else ()
        streams[f"sharing_rule-{number}"] = (begun, *over)
        known = streams.get("register-sharing_rules", ())
        streams["register-sharing_rules"] = (*known, IdRegistered(str(number)))
    return World(streams)


def prepared(url: str) -> None:
    platform = bootstrap.platform(Settings(database_url=url))  # type: ignore[arg-type]
    platform.prepare()
    with platform.database.write() as connection:
        things.metadata.create_all(connection)
    platform.close()


def written(connection: Connection, record: Record[Any], world: World) -> None:
    """The record as it is after all that happened in the world."""
    number, position = generations.generation(connection, record.name), count(1)
    for table in record.every_table(number):
        connection.execute(table.delete())
    heard = [
        DecodedEvent("log", recorded(next(position), stream, event), event)
        for stream, events in world.streams.items()
        if stream.startswith(f"{record.kind.kind}-")
        for event in events
    ]
    assert not record.apply(connection, number, heard)


def recorded(position: int, stream: str, event: Event) -> Recorded:
    own, at = (position, stream, position, str(position), type(event).__name__, 1), micros(NOON)
    return Recorded(*own, at, at, "qi", "k", "c", None, "i", b"", b"{}")


def selected(connection: Connection, granted: Granted) -> set[str]:
    condition = granted.within(connection, ACTION, SCOPED)
    return set(connection.execute(select(things.c.id).where(as_sql(things, condition))).scalars())


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rights, trees, customers, shares, rules, st.lists(st.sampled_from(["", *CUSTOMERS])))
def test_what_is_shared_is_the_same_decided_and_selected(
    connection: Connection,
    rights: Rights,
    tree: Mapping[str, str | None],
    some_customers: Any,
    some_shares: Any,
    some_rules: Any,
    hanging: list[str],
) -> None:
    world = company(tree, some_customers, some_shares, some_rules)
    for record in (customer.record, share.record):
        written(connection, record, world)
    connection.execute(things.delete())
    rows = [{"id": str(n), "dealer": name} for n, name in enumerate([*hanging, "D1", "D2"])]
    connection.execute(things.insert(), rows)
    parents = {"department": tree, "region": tree}
    granted = Granted("a", rights, parents, shares=shares_with(world.load, rights))
    found = selected(connection, granted)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(among, "FEW", -1)  # as where many are shared
        assert selected(connection, granted) == found
    for row in rows:
        thing = {"dealer": path(row["dealer"], {})}
        scopes = rights.reach(ACTION)
        decided = any(rights.within(scope, thing) for scope in scopes)
        decided |= bool(scopes) and is_shared(world.load, rights, thing, working=False)
        assert (row["id"] in found) == decided, (row, rights)
