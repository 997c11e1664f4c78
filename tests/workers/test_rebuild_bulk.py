"""A long history goes into a view by several processes at once, and comes out as row by row."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from pace import limit
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import OperationalError
from waiting import until
from workers.books import balanced, kept
from workers.company import Company

from aggregates import calendar
from aggregates.inventory.stock import Stock, StockSold
from infra.broker import Partition, PartitionReader
from infra.codec import Codec
from infra.events import Entry
from projections.engine import View, generations, progress, reading, rollups
from projections.engine.building import BuildPart, begun, planned
from projections.targets import rankings
from services.bootstrap import VIEWS
from services.workers import building
from services.workers.building import AlreadyRunning, IncompleteSource, Kafka
from services.workers.filling import Filler, Work
from services.workers.rebuild import Rebuild, Rebuilt, fill, rebuilds

EVENTS = 400


@pytest.fixture(autouse=True)
def long_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some hundred events are a long history here, of many parts and blocks."""
    monkeypatch.setattr(building, "LONG", 1)
    monkeypatch.setattr(building, "STRETCH", 60)
    monkeypatch.setattr(rollups, "BLOCK", 64)


FEW = "dealer_stock", "transit", "stock_movements", "rankings", "funnel", "deals"
"""Figures that a stock, a deal, and both at once move: most tests make no others."""


@pytest.fixture
def settled(company: Company) -> Company:
    """Few views, which have heard all there is, from Kafka."""
    platform = company.platform
    few = [platform.view(name) for name in FEW]
    company.platform = replace(platform, views=few)
    return heard(company)


@pytest.fixture
def whole(company: Company) -> Company:
    """The same with every view."""
    return heard(company)


def heard(company: Company) -> Company:
    company.work(EVENTS)
    with company.publishing() as work:
        work.drain()
    apply(company)
    return company


def apply(company: Company, codec: Codec | None = None) -> None:
    applier = company.applier()
    applier.codec = codec or company.platform.codec
    applier.stand([])
    applier.apply(company.delivered())
    while applier.roll_up_one(company.platform.store.log):
        pass


def works_of(company: Company, codec: Codec | None = None) -> list[Rebuild]:
    platform = company.platform
    return rebuilds(platform.store, codec or platform.codec, platform.figures)


def made(company: Company, source: str = "log", codec: Codec | None = None) -> list[Rebuilt]:
    works = works_of(company, codec)
    kafka = Kafka(company.broker, company.settings.topic_prefix) if source == "kafka" else None
    fill(works, quietly, kafka=kafka, cores=2)
    return [work.run(quietly) for work in works]


def quietly(*_: int) -> None:
    pass


def contents(company: Company, view: View, number: int) -> dict[str, Any]:
    """All that is stored of a generation, and how its tables are made."""
    found: dict[str, Any] = {}
    look = inspect(company.platform.database.engine)
    with company.platform.database.read() as connection:
        for part, table in zip(view.tables(number)._fields, view.tables(number), strict=True):
            rows = sorted(tuple(row) for row in connection.execute(select(table)))
            found[part] = [row for row in rows if part == "ledger" or any(row[len(view.key) :])]
            indexes = [(i["column_names"], i["unique"]) for i in look.get_indexes(table.name)]
            key = look.get_pk_constraint(table.name)["constrained_columns"]
            options = text("SELECT reloptions FROM pg_class WHERE relname=:name")
            ways = connection.execute(options, {"name": table.name}).scalar_one()
            found[f"{part} made"] = sorted(indexes), key, ways
        for each in (progress.rolled_up, progress.parked):
            mine = select(*(c for c in each.c if c.name not in {"generation", "parked_at"}))
            mine = mine.where(each.c.view == view.name, each.c.generation == number)
            found[each.name] = sorted(tuple(row) for row in connection.execute(mine))
    return found


@pytest.mark.parametrize("source", ["log", "kafka"])
def test_what_is_filled_in_bulk_is_what_was_filled_in_row_by_row(
    whole: Company, source: str
) -> None:
    done = made(whole, source)
    told = [(one.switched, one.differences, one.generation) for one in done]
    assert told == [(True, [], 2)] * len(VIEWS)
    for view in whole.platform.figures:
        before, after = contents(whole, view, 1), contents(whole, view, 2)
        assert after == before, view.name
        assert view.name == "funnel" or len(after[progress.rolled_up.name]) > 1
    whole.work(60)
    with whole.publishing() as work:
        work.drain()
    apply(whole)
    balanced(whole)


def test_what_is_filled_in_bulk_is_by_the_days_of_the_zone_in_use(settled: Company) -> None:
    try:
        calendar.use("Pacific/Auckland")
        assert [one.switched for one in made(settled)] == [True] * len(FEW)
        with settled.platform.database.read() as connection:
            for view in settled.platform.figures:
                ledger = view.tables(2).ledger
                rows = [*connection.execute(select(ledger.c.occurred_at, ledger.c.day))]
                assert rows or view.name == "transit"  # nothing is sent anywhere
                assert all(day == calendar.day_of(at) for at, day in rows), view.name
    finally:
        calendar.use(calendar.DEFAULT)


@pytest.mark.parametrize("source", ["log", "kafka"])
def test_a_stream_that_cannot_be_read_waits_as_it_would_have_in_order(
    settled: Company, source: str
) -> None:
    """Its later events are in other parts, of which each knows nothing of the others."""
    known = dict(settled.platform.codec.known)
    older = Codec({name: kind for name, kind in known.items() if name != "StockReserved"})
    with settled.platform.database.write() as connection:
        for view in settled.platform.figures:
            generations.forget(connection, view, 1)
            generations.make(connection, view, 1)
    apply(settled, older)
    done = made(settled, source, older)
    assert [one.switched for one in done] == [True] * len(FEW)
    assert {one.view: one.parked for one in done}["dealer_stock"] > 5
    for view in settled.platform.figures:
        before, after = contents(settled, view, 1), contents(settled, view, 2)
        assert waiting(after) == waiting(before), view.name
        assert after["ledger"] == before["ledger"], view.name
        assert after["totals"] == before["totals"], view.name


def test_a_text_that_a_copy_would_misread_comes_out_as_it_is(settled: Company) -> None:
    """No command has such ids; an older build, or another program, may have stored them."""
    platform, sold = (
        settled.platform,
        StockSold("dealer", "s", 1, 5, "\\N", "a\tb", datetime(2026, 1, 2, tzinfo=UTC)),
    )
    odd = [Stock.stream(name) for name in ("D1:back\\slash", "D2:two\nlines", "D3:plain")]
    by, data = ("test", "key", "key", None), platform.codec.encode(sold)
    entries = [Entry(stream, 1, "StockSold", 1, 1_767_312_000_000_000, *by, data) for stream in odd]
    with platform.database.write() as connection:
        platform.store.write(connection, platform.store.lock(connection), entries)
    with settled.publishing() as work:
        work.drain()
    apply(settled)
    assert all(one.switched for one in made(settled))
    for view in platform.figures:
        assert contents(settled, view, 2) == contents(settled, view, 1), view.name
    subjects = {row[1] for row in contents(settled, rankings.view, 2)["totals"]}
    assert subjects >= {"back\\slash", "two\nlines", "plain", "a\tb"}


def test_what_is_no_text_at_all_waits_as_it_would_have_in_order(settled: Company) -> None:
    platform, stream = settled.platform, Stock.stream("D1:cocoa")
    by = ("test", "key", "key", None)
    entries = [
        Entry(stream, version, "StockSold", 1, 1_767_312_000_000_000, *by, data)
        for version, data in enumerate((b'{"holder":"\xff"}', b'"\0"', b"{}"), 1)
    ]
    with platform.database.write() as connection:
        platform.store.write(connection, platform.store.lock(connection), entries)
    with settled.publishing() as work:
        work.drain()
    apply(settled)
    assert {one.view: one.parked for one in made(settled) if one.switched and one.parked} == {
        "dealer_stock": 1,
        "rankings": 1,
        "stock_movements": 1,
        "transit": 1,
    }
    for view in platform.figures:
        before, after = contents(settled, view, 1), contents(settled, view, 2)
        assert waiting(after) == waiting(before), view.name
        assert after["ledger"] == before["ledger"], view.name


POISON: dict[str, Sequence[tuple[int, str, str]]] = {
    "a number beyond 64 bits": [(10**19, "CNY", "m1")],
    "a sum beyond 64 bits": [(2**63 - 1, "CNY", "m2"), (2**63 - 1, "CNY", "m2")],
    "a NUL": [(5, "C\0Y", "m3")],
    "a key too long for an index": [(5, "CNY", "".join(map(chr, range(20_000, 24_000))))],
}


def poison(codec: Codec) -> Iterator[Entry]:
    """Sales that no view of sales can write, each kind in a stream of its own."""
    by, at = ("test", "key", "key", None), datetime(2026, 1, 2, tzinfo=UTC)
    for number, kind in enumerate(POISON.values()):
        stream = Stock.stream(f"D{number}:cocoa{number}")
        for version, (amount, currency, member) in enumerate(kind, 1):
            sold = StockSold("dealer", f"s{version}", 1, amount, currency, member, at)
            data = codec.encode(sold)
            yield Entry(stream, version, "StockSold", 1, 1_767_312_000_000_000, *by, data)


@pytest.mark.parametrize("source", ["log", "kafka"])
def test_what_cannot_be_written_waits_as_it_would_have_in_order(
    settled: Company, source: str
) -> None:
    """The bulk gives up, and what made the view before makes it once more."""
    platform = settled.platform
    with platform.database.write() as connection:
        entries = list(poison(platform.codec))
        platform.store.write(connection, platform.store.lock(connection), entries)
    settled.work(40)
    with settled.publishing() as work:
        work.drain()
    apply(settled)
    done = made(settled, source)
    assert all(one.switched for one in done)
    assert {one.view: one.parked for one in done if one.parked} == {"rankings": len(POISON)}
    for view in platform.figures:
        before, after = contents(settled, view, 1), contents(settled, view, 2)
        assert waiting(after) == waiting(before), view.name
        assert after["ledger"] == before["ledger"], view.name
        assert after["totals"] == before["totals"], view.name


def waiting(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [row[:5] for row in found[progress.parked.name]]


class Killed(Exception):
    """The process is gone."""


def killed_after(steps: int) -> Callable[[int, int], None]:
    left = iter(range(steps))

    def report(done: int, goal: int) -> None:
        if next(left, None) is None:
            raise Killed

    return report


@pytest.mark.parametrize("source", ["log", "kafka"])
def test_what_was_filled_in_before_a_kill_is_not_filled_in_again(
    settled: Company, source: str
) -> None:
    kafka = Kafka(settled.broker, settled.settings.topic_prefix) if source == "kafka" else None
    with pytest.raises(Killed):
        fill(works_of(settled), killed_after(2), kafka=kafka, cores=1)
    first = [len(kept(settled, view, 2)[1]) for view in settled.platform.figures]
    assert any(first)
    seen: list[tuple[int, int]] = []
    works = works_of(settled)
    fill(works, lambda done, goal: seen.append((done, goal)), kafka=kafka, cores=1)
    assert all(work.run(quietly).switched for work in works)
    with settled.platform.database.read() as connection:
        assert not connection.execute(select(generations.parts)).all()
    balanced(settled)


def test_two_processes_that_fill_the_same_part_fill_it_once(settled: Company) -> None:
    """One of them was given up for dead, and was not."""
    platform, (work,) = settled.platform, works_of(settled)[1:2]
    with pytest.raises(Killed):
        fill([work], killed_after(0), cores=1)
    with platform.database.read() as connection:
        left: Sequence[BuildPart] = planned(connection, work.view.name, work.new)
    url = platform.database.url.render_as_string(hide_password=False)
    told = Work(url, "main", platform.codec.known, {}, {work.view.name: work.order}, 10**9, None)
    for _ in range(2):
        filler = Filler(told)
        for part in left:
            filler.fill(part, [work.view.name])
        filler.database.close()
    fill([work], quietly, cores=1)
    assert work.run(quietly).switched
    balanced(settled)


def test_of_two_that_make_the_same_view_one_gives_way(settled: Company) -> None:
    (work,) = works_of(settled)[1:2]

    def meanwhile(*_: int) -> None:
        with pytest.raises(AlreadyRunning, match=f"{work.view.name} is being made anew"):
            fill([work], quietly)

    fill([work], meanwhile, cores=1)
    assert work.run(quietly).switched


LEADER = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype='advisory' AND classid=:job"
    " AND database=(SELECT oid FROM pg_database WHERE datname=current_database())"
)


def test_a_server_that_went_down_meanwhile_leaves_nothing_half_made(settled: Company) -> None:
    """What did not wait for the disk may be lost then, and nobody else would have noticed."""
    platform, (work,) = settled.platform, works_of(settled)[1:2]

    def meanwhile(*_: int) -> None:
        with platform.database.read() as connection:
            connection.execute(LEADER, {"job": building.JOB})

    with pytest.raises(OperationalError):
        fill([work], meanwhile, cores=1)
    with platform.database.read() as connection:
        assert not begun(connection, work.view.name, work.new)
    fill([work], quietly, cores=1)
    assert work.run(quietly).switched
    balanced(settled)


def test_a_topic_that_lacks_what_the_view_has_heard_is_told_of(
    settled: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = settled.broker.tail()
    opened.close()
    tail = type(opened)
    inner = tail.ends

    def later(
        self: PartitionReader, partitions: Iterable[Partition]
    ) -> dict[Partition, tuple[int, int]]:
        found = inner(self, partitions).items()
        return {place: (min(first + 1, end), end) for place, (first, end) in found}

    monkeypatch.setattr(tail, "ends", later)
    with pytest.raises(IncompleteSource, match="make the view from the log"):
        fill(works_of(settled), quietly, kafka=Kafka(settled.broker, settled.settings.topic_prefix))
    assert all(one.switched for one in made(settled))


def test_who_reads_while_all_views_are_switched_never_fails(settled: Company) -> None:
    ended, errors, seen = Event(), list[Exception](), list[int]()

    def read() -> None:
        while not ended.is_set():
            try:
                with settled.platform.database.read() as connection:
                    table = reading.tables(connection, rankings.view).totals
                    rows = connection.execute(select(table.c.sell_out_quantity)).scalars().all()
                    seen.append(sum(rows))
            except Exception as error:  # noqa: BLE001 - told in the test's own thread
                errors.append(error)

    thread = Thread(target=read)
    thread.start()
    try:
        for _ in range(2):
            assert all(one.switched for one in made(settled))
        until(lambda: len(seen) > 10, 20, 0.01)
    finally:
        ended.set()
        thread.join(20)
    assert not errors
    assert len(set(seen)) == 1


def test_an_operator_makes_all_views_anew_from_kafka(whole: Company) -> None:
    program = Path(sys.executable).with_name("distributary")
    words = [str(program), "rebuild", "--from", "kafka", "--processes", "1"]
    surroundings = {**os.environ, **whole.environment}
    done = subprocess.run(
        words, env=surroundings, capture_output=True, text=True, timeout=limit(120)
    )
    assert done.returncode == 0, done.stderr
    for view in whole.platform.figures:
        assert f"{view.name}: generation 2 answers" in done.stderr
    balanced(whole)
