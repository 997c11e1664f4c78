"""What is asked of a short history and of a long one: writes, loads, reads, the past and why."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from time import perf_counter
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select

from aggregates.inventory.stock import Stock
from commands.inventory.stock import IssueStock
from infra.clock import iso
from infra.events import Recorded
from infra.keys import Keys
from projections.engine import day_of, progress
from projections.inventory import dealer_stock
from services.api.app import build
from services.bootstrap import Platform, request
from tests.performance import size_trade
from tests.performance.size_trade import STREAM

NUMBERS = count(1)
FEW = 5
LISTS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "deals": ("/opportunities", {}),
    "deals_of_a_region": ("/opportunities", {"region": "region-2", "sort": "-amount"}),
    "deals_found": ("/opportunities", {"q": "customer 17"}),
}
"""A page of a record in the order of ids, one that is filtered and sorted, and one searched."""
Ask = Callable[[], float]
"""Asks once and answers how many milliseconds it took."""


class Side:
    """One history, asked through the product's own application."""

    def __init__(self, platform: Platform, loop: asyncio.AbstractEventLoop) -> None:
        self.platform, self.loop = platform, loop
        key = Keys(platform.database).new("size")
        headers = {"Authorization": f"Bearer {key}"}
        there = ASGITransport(app=build(platform))
        self.client = AsyncClient(transport=there, base_url="http://size", headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.platform.close()

    def asks(self) -> Mapping[str, Ask]:
        """Reads come first: what is appended makes the views late."""
        store = self.platform.store
        with self.platform.database.read() as connection:
            end = progress.complete(connection, dealer_stock.view, 1, store.log)
            half = size_trade.rounded(end // 2)
            last, middle = (store.at(connection, [at])[0] for at in (end, half))
            ledger = dealer_stock.view.tables(1).ledger
            first = select(ledger.c.location, ledger.c.item).order_by(ledger.c.position).limit(1)
            stock = connection.execute(first).one()._asdict()
        pages = paths(last, middle, stock)
        reads = {name: self._reading(path) for name, path in pages}
        return {**reads, "load": self._load, "append": self._append}

    def _reading(self, path: str) -> Ask:
        def ask() -> float:
            start = perf_counter()
            answer = self.loop.run_until_complete(self.client.get(path))
            taken = perf_counter() - start
            assert answer.status_code == 200, f"{path}: {answer.text}"
            return taken * 1_000

        return ask

    def _load(self) -> float:
        """The longest stream, by a process that has nothing at hand."""
        log = self.platform.log
        log.forget()
        with self.platform.database.read() as connection:
            start = perf_counter()
            log.load(connection, Stock, STREAM)
            return (perf_counter() - start) * 1_000

    def _append(self) -> float:
        """A command to the longest stream, durable when it answers."""
        location, _, item = STREAM.partition("-")[2].partition(":")
        what = {"location": location, "item": item, "reference": f"IS-{next(NUMBERS)}"}
        asked = request(IssueStock(**what, quantity=1, reason="sale"), "size")
        start = perf_counter()
        outcome = self.platform.executor.execute(asked)
        taken = perf_counter() - start
        assert outcome.events
        return taken * 1_000


def paths(last: Recorded, middle: Recorded, stock: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Addresses by what they ask, of the event half-way, and of a stock that moves now and then."""
    today, half, then = day_of(last.recorded_at), middle.position, iso(middle.recorded_at)
    dealer, item = {"location": "D-007", "limit": 500}, {"item": "SKU-0100"}
    days = {"first": _date(today - 7), "last": _date(today - 1)}
    boards = {
        "funnel": ("/funnel", {}),
        "dealer_stock": ("/stock", dealer),
        "item_stock": ("/stock", item),
        "ranking": ("/rankings/customers", {"top": 10}),
    }
    for name, (path, what) in {**boards, **LISTS}.items():
        yield name, _url(path, what)
    yield "ranking_of_a_week", _url("/rankings/products", {**days, "top": 10})
    # A page that both can fill: of a short history there are few rows behind a stock.
    yield "why_stock", _url("/stock/why", {**stock, "limit": FEW})
    yield "why_ranking", _url("/rankings/customers/why", {"subject": "C-0007", "limit": FEW})
    yield "why_week", _url("/rankings/customers/why", {**days, "subject": "C-0007"})
    yield (
        "stream_page",
        _url(f"/streams/{STREAM}", {"after": size_trade.length(last.position) // 2}),
    )
    yield "events_page", _url("/events", {"after": half})
    yield "events_of_stream", _url("/events", {"after": half, "stream": STREAM})
    for name, (path, what) in {**boards, **LISTS}.items():
        yield f"{name}_at_middle", _url(path, {**what, "as_of": half})
        yield f"{name}_at_end", _url(path, {**what, "as_of": last.position})
        yield f"{name}_that_day", _url(path, {**what, "as_of": then})
    yield "dealer_stock_known_then", _url("/stock", {**dealer, "known_at": then})
    yield "status", "/status"


def _url(path: str, what: Mapping[str, object]) -> str:
    return f"{path}?{urlencode(what)}"


def _date(day: int) -> str:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat()
