"""A list of what is known by its id reads these rows alone, not all that there are."""

from typing import Any

import pytest
from originals import Originals
from sqlalchemy import Connection

from aggregates.conditions import Condition
from infra.database import Database
from projections.customers.customer import record
from projections.engine import finding, generations, id_range, near, record_query
from projections.engine.prepared import Statements
from projections.engine.reach import EVERYTHING, Reach
from projections.engine.reading import NOW
from projections.engine.record_order import Sort, ordered
from projections.engine.record_query import RecordQuery
from tests.performance import shops
from tests.statements import heard

CUSTOMERS = 3_000


def filled(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        generations.create(connection, [record])
    shops.rows([database], CUSTOMERS)
    database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, originals: Originals) -> Any:
    with originals.copied(request.param, filled) as url:
        opened = Database(url)
        yield opened
        opened.close()


@pytest.mark.parametrize(
    "wanted",
    [
        RecordQuery(Reach(within=({"dealer": frozenset({"C0000007"})},)).tree(record.scope)),
        RecordQuery(EVERYTHING, [Condition("id", "", ["C0000007"])]),
    ],
    ids=["dealer", "id"],
)
def test_what_is_named_by_its_id_is_found_by_an_index(
    database: Database, wanted: RecordQuery
) -> None:
    with database.read() as connection:
        with heard(connection) as sent:
            assert record_query.count(connection, record, wanted, NOW, None) == 1
        text, values = sent[-1]
        explain = "EXPLAIN QUERY PLAN" if database.sqlite else "EXPLAIN"
        plan = str(connection.exec_driver_sql(f"{explain} {text}", tuple(values)).all())
        assert "Seq Scan" not in plan
        assert "SCAN customers" not in plan
        rows, following = record_query.page(connection, record, wanted, NOW)
        assert ([row["id"] for row in rows], following) == (["C0000007"], None)


NEWEST, READ = ordered([Sort("registered_at", descending=True)]), ordered([Sort("name")])
EAST = Condition("region", "", ["region-2"])


@pytest.mark.parametrize(
    "wanted",
    [
        RecordQuery(EVERYTHING, [EAST], sort=NEWEST, limit=40),
        RecordQuery(EVERYTHING, [EAST], ["tea"], sort=READ, limit=15),
        RecordQuery(EVERYTHING, words=["golden"], limit=25),
        RecordQuery(
            Reach(within=({"department": frozenset({"sales-1"})},)).tree(record.scope),
            sort=NEWEST,
            limit=30,
        ),
    ],
    ids=["newest of a region", "found by name", "found by id", "newest within a scope"],
)
def test_a_page_found_near_the_beginning_of_its_order_is_the_page_of_all(
    database: Database, wanted: RecordQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is near: the pages after those are found as any other."""
    with database.read() as connection:
        expected = pages(connection, wanted)
        monkeypatch.setattr(record_query, "BROAD", 10)
        monkeypatch.setattr(near, "FIRST", 900)
        monkeypatch.setattr(finding, "MANY", 10)
        monkeypatch.setattr(near, "NEAR", made := Statements())
        monkeypatch.setattr(id_range, "WITHIN", among_ids := Statements())
        assert pages(connection, wanted) == expected
        assert bool(made.made or among_ids.made) == (database.sqlite or bool(wanted.words))


EARLIER = (
    "UPDATE customers_1_versions SET registered_at=registered_at-{}*1000000"
    " WHERE position-position/7*7={}"
)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def moved(request: pytest.FixtureRequest, originals: Originals) -> Any:
    """Of seven customers two were registered before others whose ids are less."""
    with originals.copied(request.param, filled) as url:
        opened = Database(url)
        with opened.write() as connection:
            for seconds, which in ((40, 0), (900, 3)):
                connection.exec_driver_sql(EARLIER.format(seconds, which))
        yield opened
        opened.close()


@pytest.mark.parametrize("first", [30, 120, 700])
@pytest.mark.parametrize(
    "wanted",
    [
        RecordQuery(EVERYTHING, words=["茶叶"], sort=NEWEST, limit=12),
        RecordQuery(EVERYTHING, words=["上海", "茶叶"], sort=NEWEST, limit=2),
        RecordQuery(EVERYTHING, [EAST], ["茶叶"], sort=NEWEST, limit=4),
        RecordQuery(EVERYTHING, words=["f"], sort=NEWEST, limit=5),
        RecordQuery(EVERYTHING, words=["茶叶"], sort=ordered([Sort("registered_at")]), limit=9),
        RecordQuery(EVERYTHING, words=["公司"], sort=READ, limit=40),
        RecordQuery(EVERYTHING, words=["公司"], sort=ordered([Sort("region")]), limit=40),
    ],
    ids=["one", "two words", "of a region", "a letter", "oldest", "by name", "by region"],
)
def test_what_is_found_among_the_ids_of_the_first_is_the_page_of_all(
    moved: Database, wanted: RecordQuery, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with moved.read() as connection:
        expected = pages(connection, wanted)
        monkeypatch.setattr(finding, "MANY", 10)
        monkeypatch.setattr(near, "FIRST", 300)
        monkeypatch.setattr(id_range, "FIRST", first)
        monkeypatch.setattr(id_range, "FURTHEST", 1_500)
        monkeypatch.setattr(id_range, "RANGES", asked := Statements())
        assert pages(connection, wanted) == expected
        assert bool(asked.made) == (wanted.words != ["f"])


def pages(connection: Connection, wanted: RecordQuery) -> list[list[str]]:
    found = list[list[str]]()
    following: Any = ()
    while following is not None:
        rows, following = record_query.page(
            connection, record, wanted._replace(after=following), NOW
        )
        found.append([row["id"] for row in rows])
    return found
