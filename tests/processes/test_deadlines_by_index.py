"""What is pending costs nothing until it is due: each look goes by the index of what is due."""

from collections.abc import Iterator

import pytest
from shop import Shop
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite

from infra import bulk
from services.processes import deadlines
from services.processes.deadlines import Deadline

MANY = 20_000
NOW = 1_700_000_000_000_000
NAME = "process_deadlines_due"


def rows(many: int, due: int) -> Iterator[Deadline]:
    for number in range(many):
        of = "receive-stock", "stock-W:i", "{}"
        yield Deadline("alarm", "main", "later", f"s{due}:{number}", due, *of, 1, number)


@pytest.fixture
def connection(shop: Shop) -> Iterator[Connection]:
    """Much is pending, and little of it is due."""
    with shop.database.write() as made:
        every = [*rows(MANY, NOW + 1), *rows(50, NOW)]
        bulk.insert(made, deadlines.pending, every)
        made.execute(text("ANALYZE"))
        yield made


def plan(connection: Connection, statement: str) -> str:
    said = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    found = connection.exec_driver_sql(f"{said} {statement}")
    return "\n".join(str(row) for row in found)


def test_a_look_for_what_is_due_goes_by_the_index_alone(connection: Connection) -> None:
    kinds = {"postgresql": postgresql, "sqlite": sqlite}
    dialect = kinds[connection.dialect.name].dialect()  # type: ignore[attr-defined]
    query = deadlines.due_query("alarm", "main", NOW, 500)
    spelt = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    said = plan(connection, spelt)
    assert NAME in said, said
    assert not any(word in said for word in ("Seq Scan", "Sort", "TEMP B-TREE")), said


def test_what_was_asked_is_deleted_by_an_index(connection: Connection) -> None:
    asked = deadlines.due(connection, "alarm", "main", NOW, 500)
    assert len(asked) == 50
    if connection.dialect.name == "postgresql":
        said = plan(connection, deadlines.settle_postgres("alarm", "main", asked))
        assert NAME in said, said
        assert "Seq Scan" not in said, said
    else:
        values = ("alarm", "main", *asked[0].name, asked[0].due, asked[0].position)
        bound = "".join(deadlines.SETTLE_SQLITE.replace("?", "{!r}").format(*values))
        assert "USING INDEX" in plan(connection, bound)
    deadlines.settle(connection, "alarm", "main", asked[1:])
    assert deadlines.due(connection, "alarm", "main", NOW, 500) == asked[:1]


def test_what_was_scheduled_anew_meanwhile_is_not_deleted(connection: Connection) -> None:
    first, *_ = deadlines.due(connection, "alarm", "main", NOW, 1)
    later = first._replace(position=7)
    bulk.upsert(connection, deadlines.pending, [later], frozenset())
    deadlines.settle(connection, "alarm", "main", [first])
    assert later in deadlines.due(connection, "alarm", "main", NOW, 500)


def test_what_is_pending_is_counted_no_further_than_need_be(connection: Connection) -> None:
    found = deadlines.counts(connection, "alarm", "main", NOW)
    assert found == (deadlines.MOST_COUNTED, 50, 0, NOW)
