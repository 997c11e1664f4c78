"""A search finds what a plain reading of the texts finds, whatever the database, now and then."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from infra.database import Database
from infra.events import Recorded
from projections.engine import DecodedEvent, finding, generations, pinyin, search, words
from projections.engine.reach import EVERYTHING
from projections.engine.reading import NOW, AsOf
from projections.engine.record import Record
from projections.engine.record_fields import SEARCHED
from projections.engine.record_query import RecordQuery, count, page


class Shop:
    """No aggregate of the platform, and so not counted among them."""

    kind: ClassVar[str] = "shop"

    @classmethod
    def stream(cls, id: str) -> str:
        return f"{cls.kind}-{id}"


class Row(NamedTuple):
    name: Annotated[str, SEARCHED] = ""
    city: Annotated[str | None, SEARCHED] = None
    times: int = 0


def fold(row: Row, _: Recorded, event: Any) -> Row:
    name, city = event
    return Row(name, city, row.times + 1)


kind: Any = Shop
record = Record("shops", kind, Row, fold)
Told = tuple[str, str, str | None]
"""A shop, and what it is called and where it is from then on."""

NAMES = st.one_of(
    st.text("上海茶行北", max_size=6),
    st.text("abAB ９9ß-_%'é", max_size=8),
    st.text("上海茶aB ＡＢｃ１1(（_%\\。", max_size=10),
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0", max_codepoint=0x2FFF), max_size=6
    ),
)
TOLD = st.tuples(st.sampled_from(["A-1", "a12", "B海2"]), NAMES, st.none() | NAMES)
ASKED = st.one_of(
    NAMES,
    st.text("shangicx", min_size=1, max_size=5),
    st.sampled_from(["上海茶", "shangh", "sh", "a-1", "1", "茶 上", "hai a"]),
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, durable=False)
    with database.write() as connection:
        generations.create(connection, [record])
    yield database
    database.close()


def heard(told: list[Told]) -> list[DecodedEvent]:
    found = []
    for position, (shop, *texts) in enumerate(told, 1):
        place = position, f"shop-{shop}", position, f"e{position}", "Said", 1, position, position
        envelope = *place, "test", "k", "k", None, "i", b"", b""
        found.append(DecodedEvent("main", Recorded(*envelope), tuple(texts)))
    return found


def emptied(connection: Connection) -> None:
    for table in record.every_table(1):
        connection.execute(table.delete())


def said(told: list[Told], asked: str) -> list[str]:
    """By a plain reading of what each shop was told last."""
    now = {shop: [folded(text or "") for text in (shop, *texts)] for shop, *texts in told}
    pieces = words.pieces(asked)
    if asked.split() and not pieces:
        return []
    return sorted(
        shop
        for shop, texts in now.items()
        if all(any(reads(text, piece) for text in texts) for piece in pieces)
    )


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def reads(text: str, piece: str) -> bool:
    """Letter by letter, as a person would look."""
    places = range(len(text))
    if sort(piece[0]) == "chinese":
        return piece in text
    begins = (n for n in places if sort(text[n]) and (not n or sort(text[n]) != sort(text[n - 1])))
    if any(text.startswith(piece, n) for n in begins if sort(text[n]) != "chinese"):
        return True
    spoken = [pinyin.syllables(run) for run in re.findall("[上海茶行北]+", text)]
    read = [[one for one in run if one] for run in spoken]
    tails = [run[n:] for run in read for n in range(len(run))]
    first = ("".join(one[0] for one in tail) for tail in tails if len(tail) > 1)
    return any(one.startswith(piece) for one in (*first, *map("".join, tails)))


def sort(letter: str) -> str:
    if re.match(f"[{words.HAN}]", letter):
        return "chinese"
    return "digit" if letter.isdecimal() else "letter" if letter.isalnum() else ""


def ids(connection: Connection, asked: str, as_of: AsOf) -> list[str]:
    wanted = RecordQuery(EVERYTHING, words=asked.split())
    rows = [row["id"] for row in page(connection, record, wanted, as_of)[0]]
    assert count(connection, record, wanted, as_of, None) == len(rows)
    return sorted(rows)


def index(connection: Connection) -> set[tuple[str, str]]:
    table = search.grams(record.name, 1)
    return {(gram, stream) for gram, stream, _ in connection.execute(select(table))}


@settings(max_examples=80)
@example([("A-1", "上海茶行", None), ("A-1", "海上茶行", "ＡB9")], ["上海茶", "海上茶行 a"], 1, 2)
@given(
    st.lists(TOLD, max_size=8), st.lists(ASKED, max_size=4), st.integers(1, 4), st.integers(1, 9)
)
def check(database: Database, told: list[Told], asked: list[str], size: int, many: int) -> None:
    every, kept = heard(told), finding.MANY
    finding.MANY = many
    try:
        with database.write() as connection:
            emptied(connection)
            for start in range(0, len(every), size):
                assert record.apply(connection, 1, every[start : start + size]) == []
            now = {f"shop-{shop}": words.found_by((shop, *texts)) for shop, *texts in told}
            wanted = {(gram, shop) for shop, found in now.items() for gram in words.grams(found)}
            assert index(connection) == wanted
            for one in asked:
                assert ids(connection, one, NOW) == said(told, one), one
                for position in range(len(told)):
                    assert ids(connection, one, AsOf(position)) == said(told[:position], one)
    finally:
        finding.MANY = kept


def test_a_search_finds_what_a_plain_reading_finds_now_and_as_of_then(database: Database) -> None:
    check(database)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("茶", True),
        ("海茶行", True),
        ("海行", False),
        ("shch", True),
        ("chahang", True),
        ("HAICHA", True),
        ("hang", True),
        ("angcha", False),
        ("ＴＣＬ", True),
        ("cl", False),
        ("x100", True),
        ("100", True),
        ("00", False),
        ("c-17", True),
        ("17", True),
        ("上海 tcl 100", True),
        ("上海tcl", True),
        ("上海 北京", False),
        ("(茶行)", True),
    ],
)
def test_chinese_is_found_by_any_part_and_pinyin_and_all_else_by_its_beginning(
    database: Database, asked: str, found: bool
) -> None:
    assert words.matches(words.found_by(["C-17", "上海茶行", "Tcl X100"]), asked) is found
    with database.write() as connection:
        emptied(connection)
        record.apply(connection, 1, heard([("C-17", "上海茶行", "Tcl X100")]))
        assert bool(ids(connection, asked, NOW)) is found


@pytest.mark.parametrize(
    ("text", "initials", "full"),
    [
        ("上海茶行", "shch", "shanghaichahang"),
        ("重庆银行", "cqyh", "chongqingyinhang"),
        ("绿城", "lc", "lvcheng"),
        ("长沙", "cs", "changsha"),
        ("〇二", "le", "linger"),
    ],
)
def test_a_name_is_read_as_people_say_it(text: str, initials: str, full: str) -> None:
    assert f" {initials} " in f"{words.found_by([text])} "
    assert f" {full}" in words.found_by([text])


def test_what_is_forgotten_is_found_no_more(database: Database) -> None:
    with database.write() as connection:
        emptied(connection)
        record.apply(connection, 1, heard([("a12", "上海", None), ("A-1", "上海", None)]))
        record.forget(connection, 1, "main", "shop-a12")
        assert ids(connection, "上海", NOW) == ["A-1"]
        assert {stream for _, stream in index(connection)} == {"shop-A-1"}


def test_records_that_an_older_build_left_are_found_after_an_upgrade(database: Database) -> None:
    told: list[Told] = [("A-1", "上海", None), ("a12", "广州", "深圳"), ("A-1", "北京", "上海")]
    with database.write() as connection:
        record.apply(connection, 1, heard(told))
        wanted = index(connection)
        table, grams = record.every_table(1)
        grams.drop(connection)
        connection.exec_driver_sql(f"ALTER TABLE {table.name} DROP COLUMN found_by")
    with database.write() as connection:
        generations.create(connection, [record])
        assert index(connection) == wanted
        assert ids(connection, "上海", NOW) == ["A-1"]
        assert ids(connection, "guangz", AsOf(2)) == ["a12"]
        record.apply(connection, 1, heard([*told, ("a12", "上海", None)])[3:])
        assert ids(connection, "sh", NOW) == ["A-1", "a12"]
