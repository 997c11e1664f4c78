"""A list by names is in the order in which they are read, whatever the database, now and then."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from sqlalchemy import Connection, select

from infra.database import Database
from infra.events import Recorded
from projections.engine import DecodedEvent, generations, persons
from projections.engine.name_order import reading
from projections.engine.reach import EVERYTHING
from projections.engine.reading import NOW, AsOf
from projections.engine.record import Record
from projections.engine.record_fields import OF_PERSON, Name
from projections.engine.record_order import Sort, ordered
from projections.engine.record_query import RecordQuery, every, page

SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
NAMES = st.one_of(
    st.builds(str.__add__, st.sampled_from(SURNAMES), st.text(GIVEN, min_size=1, max_size=2)),
    st.text("abZＡ 9", max_size=4),
    st.builds(lambda a, b: f"{a}{b}", st.sampled_from(["Tea", "A"]), st.sampled_from(SURNAMES)),
)


class Person:
    """No aggregate of the platform, and so not counted among them."""

    kind: ClassVar[str] = "person"

    @classmethod
    def stream(cls, id: str) -> str:
        return f"{cls.kind}-{id}"


class Row(NamedTuple):
    name: Name = ""
    nickname: Annotated[Name | None, OF_PERSON] = None


kind: Any = Person
record = Record("persons", kind, Row, lambda _, __, event: Row(*event))
Told = tuple[str, str, str | None]
"""A person, and what he is called from then on."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, durable=False)
    with database.write() as connection:
        generations.create(connection, [record])
    yield database
    database.close()


def heard(told: Sequence[Told]) -> list[DecodedEvent]:
    found = []
    for position, (person, *names) in enumerate(told, 1):
        place = position, f"person-{person}", position, f"e{position}", "Said", 1, position
        envelope = *place, position, "test", "k", "k", None, "i", b"", b""
        found.append(DecodedEvent("main", Recorded(*envelope), tuple(names)))
    return found


def listed(connection: Connection, sort: Sort, as_of: AsOf, limit: int) -> list[dict[str, Any]]:
    """Page by page, as the whole list of a file has it."""
    wanted, rows = RecordQuery(EVERYTHING, sort=ordered([sort]), limit=limit), []
    while True:
        some, last = page(connection, record, wanted, as_of)
        rows += some
        if last is None:
            break
        wanted = wanted._replace(after=last)
    (whole,) = list(every(connection, record, wanted._replace(after=()), as_of, 100)) or [[]]
    assert rows == whole
    return rows


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), NAMES, st.none() | NAMES), max_size=12),
    st.sampled_from(Row._fields),
    st.booleans(),
    st.integers(1, 5),
    st.integers(0, 12),
)
def check(
    database: Database, told: list[Told], field: str, down: bool, limit: int, position: int
) -> None:
    with database.write() as connection:
        for table in record.every_table(1):
            connection.execute(table.delete())
        assert record.apply(connection, 1, heard(told)) == []
        for as_of, known in ((NOW, told), (AsOf(position), told[:position])):
            states = {person: Row(*names) for person, *names in known}
            people = sorted(states)
            people.sort(key=lambda one: reading(getattr(states[one], field)), reverse=down)
            rows = listed(connection, Sort(field, down), as_of, limit)
            assert [row["id"] for row in rows] == people
            assert [Row(row["name"], row["nickname"]) for row in rows] == [
                states[one] for one in people
            ]


def test_pages_by_names_are_in_the_order_of_readings_now_and_as_of_then(
    database: Database,
) -> None:
    check(database)


@given(st.lists(st.text(SURNAMES + GIVEN, min_size=1, max_size=4), max_size=9))
def test_chinese_names_are_in_the_order_of_their_pinyin(names: list[str]) -> None:
    known = {one: "".join(lazy_pinyin(one, v_to_u=False)) for one in names}
    read = {one: reading(one).partition("\t")[0].replace(" ", "") for one in names}
    plain = [one for one in names if read[one] == known[one]]  # phrases may be read otherwise
    syllables = {one: lazy_pinyin(one) for one in plain}
    assert sorted(plain, key=reading) == sorted(plain, key=lambda one: (syllables[one], one))


@pytest.mark.parametrize(
    "names",
    [
        ["陈伟", "李芳", "王敏", "张静", "赵磊"],
        ["李", "李明", "梁", "西安", "先"],  # by syllables: `xi an` is before `xian`
        ["安徽茶行", "Anna", "北京", "贝壳", "BEN", "ben茶"],
        ["9号店", "A", "阿里", "𠮷野家"],  # what nobody can read comes last
        ["长城", "长沙", "重庆", "重要"],  # each character as it is read in its phrase
        ["", "重"],
    ],
)
def test_names_are_in_the_order_in_which_they_are_read(names: list[str]) -> None:
    assert sorted(set(names), key=reading) == names


def test_a_name_as_long_as_it_may_be_can_be_sorted_by(database: Database) -> None:
    told = [("a", "龘" * 200, "ﷺ" * 200), ("b", "窗" * 200, None)]
    with database.write() as connection:
        assert record.apply(connection, 1, heard(told)) == []
        rows = listed(connection, Sort("name"), NOW, 1)
    assert [row["id"] for row in rows] == ["b", "a"]


def test_how_names_are_read_is_added_to_what_an_older_build_left(database: Database) -> None:
    told: list[Told] = [("a", "张伟", None), ("b", "陈芳", "李"), ("a", "安娜", "王")]
    with database.write() as connection:
        record.apply(connection, 1, heard(told))
        table, grams = record.every_table(1)
        wanted = connection.execute(select(table)).all(), connection.execute(select(grams)).all()
        for field in Row._fields:
            connection.exec_driver_sql(f"DROP INDEX {table.name}_{field}_reading")
            connection.exec_driver_sql(f"ALTER TABLE {table.name} DROP COLUMN {field}_reading")
    with database.write() as connection:
        generations.create(connection, [record])
        got = connection.execute(select(table)).all(), connection.execute(select(grams)).all()
        assert [*map(sorted, got)] == [*map(sorted, wanted)]
        assert [row["id"] for row in listed(connection, Sort("name"), AsOf(2), 1)] == ["b", "a"]
        assert [row["id"] for row in listed(connection, Sort("name"), NOW, 1)] == ["a", "b"]


def test_how_a_name_is_read_is_removed_with_the_person(database: Database) -> None:
    with database.write() as connection:
        record.apply(connection, 1, heard([("a", "张伟", "李"), ("a", "张伟", "王")]))
        persons.remove(connection, record, "a")
        table = record.versions(1)
        found = connection.execute(select(table.c.nickname, table.c.nickname_reading)).all()
    assert {tuple(one) for one in found} == {(None, "")}
