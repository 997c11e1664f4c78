"""`python -m tests.performance.values`: what goods are worth, read among a million movements."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random
from time import process_time
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, insert

from aggregates.valuation.stock_period import end_of
from infra.clock import micros
from infra.settings import Settings
from projections.engine import day_of
from projections.engine.figure import FigureQuery
from projections.valuation.figures import read_months, read_moves, read_values
from projections.valuation.stock_value import CLOSE, view
from services.bootstrap import platform

MONTHS = [f"2025-{number:02}" for number in range(1, 13)]
DAY = 86_400_000_000
PAGE = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--movements", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = SecretStr(f"sqlite:///{folder}/values.sqlite")
        with closing(platform(Settings(database_url=url))) as made:
            made.prepare()
            with made.database.write() as connection:
                fill(connection, asked.movements, asked.items)
            with made.database.read() as connection:
                measure(connection, asked.items)


def fill(connection: Connection, movements: int, items: int) -> None:
    """A year of movements, of which all but the last month is closed."""
    ledger, random, first = view.tables(1).ledger, Random(1), micros(end_of("2024-12"))
    names = [column.name for column in ledger.columns]
    plain: dict[str, Any] = {c.name: "" if c.type.python_type is str else 0 for c in ledger.columns}
    year = 12 * 30 * DAY
    rows = list[dict[str, Any]]()
    for position in range(1, movements + 1):
        at = first + year * position // movements
        comes = random.random() < 0.4
        quantity = random.randrange(20, 90) if comes else -random.randrange(1, 30)
        row = {**plain, "log": "l", "position": position, "occurred_at": at, "recorded_at": at}
        row |= {"type": "StockReceived" if comes else "StockIssued", "day": day_of(at)}
        row |= {"item": f"I{random.randrange(items):05}", "location": f"W{random.randrange(4)}"}
        row |= {"quantity": quantity, "document": f"d{position}", "cause": f"c{position}"}
        row |= {"movement": "purchase_receipt"}
        row |= {"currency": "CNY", "cost": quantity * random.randrange(400, 600)} if comes else {}
        rows.append({name: row[name] for name in names})
        if len(rows) == 20_000:
            connection.execute(insert(ledger), rows)
            rows.clear()
    for number, month in enumerate(MONTHS[:-1], 1):
        until = micros(end_of(month))
        place = next(
            p for p in range(1, movements + 1, movements // 400) if _at(p, movements) > until
        )
        close = {**plain, "log": "l", "position": place, "line": number, "until": until}
        close |= {"type": "StockPeriodClosed", "movement": CLOSE, "document": month}
        rows.append(close)
    connection.execute(insert(ledger), rows)


def _at(position: int, movements: int) -> int:
    return micros(end_of("2024-12")) + 12 * 30 * DAY * position // movements


def measure(connection: Connection, items: int) -> None:
    middle, one = f"I{items // 2:05}", f"I{items // 3:05}"
    pages: dict[str, Callable[[], Any]] = {
        "the first page of values": lambda: read_values(FigureQuery(connection, limit=PAGE)),
        "a page from the middle": lambda: read_values(
            FigureQuery(connection, after=(middle, "W9"), limit=PAGE)
        ),
        "one item": lambda: read_values(FigureQuery(connection, filters={"item": one})),
        "the movements of one item": lambda: read_moves(
            FigureQuery(connection, filters={"item": one}, limit=PAGE)
        ),
        "the months of one item": lambda: read_months(
            FigureQuery(connection, filters={"item": one}, today=day_of(_at(1, 1)), limit=PAGE)
        ),
    }
    for name, page in pages.items():
        times = sorted(_times(page))
        print(f"{name}: {times[len(times) // 2] * 1000:.0f} ms of processor", flush=True)


def _times(page: Callable[[], Any]) -> Iterator[float]:
    for _ in range(5):
        start = process_time()
        assert page()
        yield process_time() - start


if __name__ == "__main__":
    main()
