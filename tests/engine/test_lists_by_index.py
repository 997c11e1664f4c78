"""A list of what is known by its id reads these rows alone, not all that there are."""

from typing import Any

import pytest
from originals import Originals

from aggregates.conditions import Condition
from infra.database import Database
from projections.customers.customer import record
from projections.engine import generations, record_query
from projections.engine.reach import EVERYTHING, Reach
from projections.engine.reading import NOW
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
