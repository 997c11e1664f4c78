"""One predicate: the scopes of a role mean the same decided upon, asked of a row, and in SQL."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from aggregates.conditions import as_predicate
from aggregates.organisation.account import Scope
from aggregates.organisation.rights import Given, Rights
from infra.database import Database
from projections.engine.conditions import as_sql
from services.access.permissions import Granted

DEPARTMENTS = ("all", "east", "west", "shop")
REPS = ("li", "wu", "qi")
DEALERS = ("D1", "D2", "D3")
FIELDS = ("department", "region", "owner", "dealer")
VALUES = {"department": DEPARTMENTS, "region": DEPARTMENTS, "owner": REPS, "dealer": DEALERS}
things = Table("scoped_things", MetaData(), *(Column(name, Text) for name in ("id", *FIELDS)))
ACTION = "read:orders/orders"


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


scopes = st.builds(
    Scope,
    everything=st.sampled_from([False, False, False, True]),
    own=st.sampled_from([None, "owner", "team"]),
    departments=some(DEPARTMENTS),
    regions=some(DEPARTMENTS),
    dealers=some(DEALERS),
)
GRANTS = (ACTION, ACTION, "read:orders/*", "read:stock/*", f"{ACTION}@all")
granted = st.lists(st.sampled_from(GRANTS), min_size=1, max_size=2)
roles = st.lists(st.builds(Given, granted.map(tuple), scopes), max_size=3).map(tuple)
rights = st.builds(
    Rights,
    actor=st.just("a"),
    given=roles,
    person=st.sampled_from([None, *REPS]),
    teams=some(DEPARTMENTS),
)
trees = st.dictionaries(
    st.sampled_from(DEPARTMENTS[1:]), st.sampled_from([None, "all"]), max_size=3
).map(lambda known: {**known, "shop": "east"} if "east" in known else known)
rows = st.fixed_dictionaries(
    {name: st.sampled_from(["", *values]) for name, values in VALUES.items()}
)
carried = st.sets(st.sampled_from(FIELDS)).map(sorted)


def path(value: str, parents: Mapping[str, str | None]) -> frozenset[str]:
    """A value and all that lies above it."""
    found = [value]
    while (above := parents.get(found[-1])) is not None:
        found.append(above)
    return frozenset(one for one in found if one)


def prepared(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        things.metadata.create_all(connection)
    database.close()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rights=rights, tree=trees, some_rows=st.lists(rows, min_size=1, max_size=6), carried=carried)
def test_what_is_reached_is_the_same_decided_asked_and_selected(
    connection: Connection,
    rights: Rights,
    tree: Mapping[str, str | None],
    some_rows: list[dict[str, str]],
    carried: list[str],
) -> None:
    parents = {"department": tree, "region": tree}
    reach = Granted("a", rights, parents).reach(ACTION)
    condition = reach.tree({name: name for name in carried})
    fits = as_predicate(condition)
    named = [{"id": str(number), **row} for number, row in enumerate(some_rows)]
    connection.execute(things.delete())
    if named:
        connection.execute(things.insert(), named)
    found = set(connection.execute(select(things.c.id).where(as_sql(things, condition))).scalars())
    for row in named:
        thing = {name: row[name] for name in carried}
        paths = {name: path(value, parents.get(name, {})) for name, value in thing.items()}
        decided = any(rights.within(scope, paths) for scope in rights.reach(ACTION))
        assert fits(row) == decided, (row, reach)
        assert (row["id"] in found) == decided


@given(rights=rights)
def test_what_has_no_dimension_declared_is_theirs_who_may_see_everything(rights: Rights) -> None:
    reach = Granted("a", rights, {}).reach(ACTION)
    assert as_predicate(reach.tree(None))({}) == reach.everything
    assert any(rights.within(scope, None) for scope in rights.reach(ACTION)) == reach.everything
