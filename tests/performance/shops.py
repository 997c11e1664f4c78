"""Customers of a distribution company as they are called, as events and as rows of their record."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from aggregates import Event
from aggregates.customers.customer import (
    CustomerDetailsChanged,
    CustomerFrozen,
    CustomerReassigned,
    CustomerRegistered,
)
from infra import bulk
from infra.clock import micros
from infra.database import Database
from infra.events import Entry
from projections.customers.customer import record
from projections.engine import words
from projections.engine.record_fields import taking
from projections.engine.version_table import FOREVER
from services.bootstrap import Platform
from tests.performance import shops_bulk

CITIES = "上海 北京 广州 深圳 杭州 成都 重庆 武汉 南京 天津 苏州 西安 长沙 沈阳 青岛 郑州 大连 宁波"
TRADES = "茶叶 食品 百货 五金 建材 药业 酒业 服饰 电器 文具 粮油 水产 果蔬 日化 母婴 烟酒 超市"
FORMS = ("有限公司", "商行", "贸易公司", "店", "商贸", "批发部")
BRANDS = ("Tea House", "Oriental Foods", "Golden Dragon", "Jade Trading", "River Market")
START = datetime(2026, 1, 5, tzinfo=UTC)
CHUNK = 20_000


def customer(chance: Random) -> CustomerRegistered:
    """Seven of eight have Chinese names: city, two characters of 400, trade and form."""
    city = chance.choice(CITIES.split())
    own = "".join(chr(0x4E00 + 51 * chance.randrange(400)) for _ in range(2))
    name = f"{city}{own}{chance.choice(TRADES.split())}{chance.choice(FORMS)}"
    if chance.random() < 0.125:
        name = f"{chance.choice(BRANDS)} {_word(chance)}"
    kind: Any = chance.choice(("dealer", "retailer", "wholesaler"))
    place = chance.randrange(200), chance.randrange(12)
    who = f"rep-{place[0]:03d}", f"sales-{place[1]}", f"region-{place[1] % 6}"
    return CustomerRegistered(name, kind, *who, city, "CN", chance.choice((None, "fair")))


def _word(chance: Random) -> str:
    return "".join(chance.choice("abcdefghiklmnoprstuw") for _ in range(5))


def happenings(seed: int = 7) -> Iterator[tuple[str, Event]]:
    """Half of what happens are new customers; then they change hands, are frozen, or renamed."""
    chance, names = Random(seed), list[CustomerRegistered]()
    while True:
        if not names or chance.random() < 0.5:
            names.append(made := customer(chance))
            yield f"customer-C{len(names):07d}", made
            continue
        number = chance.randrange(len(names))
        yield f"customer-C{number + 1:07d}", _change(chance, names[number])


def _change(chance: Random, was: CustomerRegistered) -> Event:
    draw, other = chance.random(), customer(chance)
    if draw < 0.2:
        return CustomerDetailsChanged(other.name, was.city, "CN")
    if draw < 0.4:
        return CustomerFrozen("debt")
    before = was.owner, was.department, was.region
    return CustomerReassigned(*before, other.owner, other.department, other.region, "move")


def fill(platform: Platform, events: int) -> None:
    made = islice(_entries(platform), events)
    while chunk := list(islice(made, 1_000)):
        with platform.database.write() as connection:
            platform.store.write(connection, platform.store.lock(connection), chunk)


def _entries(platform: Platform) -> Iterator[Entry]:
    versions, encode = dict[str, int](), platform.codec.encode
    for number, (stream, event) in enumerate(happenings()):
        at, key = micros(START + timedelta(seconds=number)), f"c-{number}"
        versions[stream] = version = versions.get(stream, 0) + 1
        who = "user-1", key, key, None
        yield Entry(stream, version, type(event).__name__, event.schema, at, *who, encode(event))


def rows(databases: Sequence[Database], customers: int) -> None:
    """So many customers straight into the first generation of their record, each as registered;
    keys and indexes last.
    """
    chance, (table, grams) = Random(11), record.every_table(1)
    for database in databases:
        with database.write() as connection:
            shops_bulk.begin(connection, table, grams)
    for start in range(1, customers + 1, CHUNK):
        versions, index = [], []
        for number in range(start, min(start + CHUNK, customers + 1)):
            row, found = _row(number, customer(chance))
            versions.append(row)
            index += [(gram, row[1], "main") for gram in words.grams(found)]
        for database in databases:
            with database.write() as connection:
                bulk.insert(connection, table, versions)
                shops_bulk.insert(connection, grams, index)
    for database in databases:
        shops_bulk.finish(database, table, grams)


def _row(number: int, event: CustomerRegistered) -> tuple[list[Any], str]:
    at, id_ = micros(START + timedelta(seconds=number)), f"C{number:07d}"
    row = taking(record.shape(), event)._replace(registered_at=at)
    found = words.found_by(record.texts(id_, row))
    place = "main", f"customer-{id_}", id_, 1, number, at, FOREVER, "CustomerRegistered", at
    return [*place, found, *row._replace(contacts="[]"), *record.readings(row)], found
