"""A condition fits the same rows on both databases as it does in Python."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, select

from aggregates.conditions import (
    OPERATORS,
    UNDER,
    WITHIN,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Tree,
    as_predicate,
    fields,
    mapped,
)
from infra.database import Database
from projections.engine.conditions import as_sql, without_values
from projections.engine.prepared import shape
from projections.engine.prepared import values as values_of
from projections.engine.search import AS_BYTES

TEXTS = ("name", "city")
LARGEST = 2**63 - 1
rows = Table(
    "rows",
    MetaData(),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("name", AS_BYTES),
    Column("city", AS_BYTES, nullable=False),
    Column("amount", BigInteger),
)
LETTERS = st.text("aAbBzéÉßİ茶行Ａ１0 %_\\/'\"()", max_size=4)
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)
TEXT = st.one_of(st.sampled_from(["", "a", "A%", "茶", "2026-01-05"]), LETTERS, ANY)
NUMBER = st.one_of(
    st.integers(-2, 2), st.sampled_from([-LARGEST - 1, LARGEST, 1_767_571_200_000_000])
)
ROW = st.fixed_dictionaries({"name": st.none() | TEXT, "city": TEXT, "amount": st.none() | NUMBER})


@st.composite
def condition(draw: Any) -> Condition:
    field = draw(st.sampled_from([*TEXTS, "amount"]))
    value, never = (NUMBER, {"contains", "starts"}) if field == "amount" else (TEXT, set[str]())
    known = [one for one in ("", WITHIN, *OPERATORS) if one not in {*never, UNDER}]
    operator = draw(st.sampled_from(known))
    if operator == "empty":
        return Condition(field, operator, [draw(st.sampled_from(["true", "false"]))])
    each = st.tuples(value, value) if operator == WITHIN else value
    return Condition(field, operator, draw(st.lists(each, min_size=1, max_size=3)))


TREES = st.recursive(
    condition(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(AllOf),
        st.lists(inner, max_size=3).map(AnyOf),
        inner.map(Not),
    ),
    max_leaves=5,
)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    database = Database(database_url, durable=False)
    with database.write() as connection:
        rows.create(connection)
        yield connection
    database.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([{"name": None, "city": "", "amount": None}], [Not(Condition("amount", "gt", [0]))])
@example([{"name": "", "city": "É", "amount": 0}], [Condition("amount", "empty", ["false"])])
@example([{"name": "Tea%", "city": "é", "amount": 0}], [Condition("name", "starts", ["tea%"])])
@given(st.lists(ROW, min_size=1, max_size=4), st.lists(TREES, min_size=1, max_size=4))
def test_a_condition_fits_the_same_rows_in_a_database_and_in_python(
    connection: Connection, told: list[dict[str, Any]], trees: list[Tree]
) -> None:
    connection.execute(rows.delete())
    for place, row in enumerate(told):
        connection.execute(rows.insert().values(place=place, **row))
    for tree in trees:
        fits = as_predicate(tree)
        found = connection.execute(select(rows.c.place).where(as_sql(rows, tree))).scalars()
        assert sorted(found) == [place for place, row in enumerate(told) if fits(row)], tree


@given(TREES)
def test_what_is_alike_but_for_its_values_is_so_in_sql(tree: Tree) -> None:
    def other(one: Condition) -> Tree:
        return one if one.operator == "empty" else one._replace(values=[v * 2 for v in one.values])

    for some in (tree, mapped(tree, other)):
        values = list[Any]()
        if (alike := without_values(some, values)) is not None:
            in_sql = shape([as_sql(rows, some)])
            assert values_of(in_sql.binds) == values
            assert in_sql.key == shape([as_sql(rows, tree)]).key
            assert alike == without_values(tree, [])
    one, two = (Condition("name", "", ["x"] * many) for many in (1, 2))
    assert without_values(one, []) != without_values(two, [])


def test_a_tree_tells_what_fields_it_speaks_of() -> None:
    tree = AllOf([Condition("name", "", ["x"]), Not(AnyOf([Condition("amount", "gt", [1])]))])
    assert fields(tree) == {"name", "amount"}


def test_all_of_nothing_is_not_any_of_nothing() -> None:
    """The one fits everything, the other nothing: whoever compares them must not take one for
    the other.
    """
    every: list[Tree] = [AllOf(()), AnyOf(()), Not(())]  # type: ignore[arg-type]
    assert [[a == b for b in every] for a in every] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
