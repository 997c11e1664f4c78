"""What somebody would write who had only these orders to take: one company, no layers.

It knows prices, rules and limits by heart; orders, stock and what is owed are in tables, since
there may be two of it, and it may be started anew. It reckons and checks what ours does, and
writes the same events.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from time import time_ns
from typing import Any
from uuid import uuid4

import msgspec
from psycopg2.extras import execute_values
from pydantic import BaseModel, Field

from services.bootstrap import Platform
from tests.performance.append import CLIENTS, Bare, Row
from tests.performance.order_trade import CUSTOMERS, LINES, draft
from tests.performance.pairs import Clock

EVENTS = CLIENTS * 8
"""Of a transaction: orders of 32 clients are approved by 22 events each, and drafted by one."""
CNY = "CNY"
LIMIT = 10**14
BREAKS = ((1, 480), (4, 450))
RULES = (("spring", 200, "tea"), ("loyal", 100, "tea"))
WHO = {"rep": "R", "department": "east", "region": "east"}
NOTHING_ELSE = {
    "opportunity": None,
    "split_from": None,
    "quotation": None,
    "quotation_revision": None,
    "exchange_of": None,
    "contract": None,
}
encode, decode = msgspec.json.encode, msgspec.json.decode
TABLES = """
CREATE TABLE orders (id text PRIMARY KEY, customer text NOT NULL, warehouse text NOT NULL,
    lines text NOT NULL, status text NOT NULL, content text, version bigint NOT NULL);
CREATE TABLE stocks (item text PRIMARY KEY, free bigint NOT NULL, version bigint NOT NULL);
CREATE TABLE accounts (customer text PRIMARY KEY, owed bigint NOT NULL, version bigint NOT NULL)
"""
DRAFTED = "INSERT INTO orders VALUES (%s, %s, %s, %s, 'draft', NULL, 1)"
ORDER = (
    "SELECT lines, content, warehouse, customer FROM orders WHERE id=%s AND status=%s FOR UPDATE"
)
WENT_ON = "UPDATE orders SET status=%s, content=%s, version=version+1 WHERE id=%s"
STOCKS = "SELECT item, free, version FROM stocks WHERE item=ANY(%s) ORDER BY item FOR UPDATE"
HELD = """UPDATE stocks SET free=free-held.quantity, version=version+1
    FROM (VALUES %s) AS held (item, quantity) WHERE stocks.item=held.item"""
OWED = """UPDATE accounts SET owed=owed+%s, version=version+1
    WHERE customer=%s AND owed+%s<=%s RETURNING version"""


class Line(BaseModel):
    item: str
    quantity: int = Field(gt=0)


class Draft(BaseModel):
    id: str
    customer: str
    warehouse: str
    lines: list[Line] = Field(min_length=1, max_length=500)


Happened = tuple[str, int, str, Any, str | None]
"""The stream, its version, what happened, and under what it is recorded."""


class OrdersByHand(Bare):
    def __init__(self, url: str, source: Platform) -> None:
        super().__init__(url, source, EVENTS)
        self.orders = len(self.events) // (LINES + 4)
        products = [f"P-{line:02d}" for line in range(LINES)]
        self.products = {name: {"category": "tea", "cost": 300, "sold": True} for name in products}
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(TABLES)
        self._empty()
        self._must_write_the_same()

    def round(self) -> float:
        self._empty()
        start = Clock.read()
        for first in range(0, self.orders, CLIENTS):
            self._take(range(first, first + CLIENTS))
        return self.position / (Clock.read() - start)

    def _take(self, numbers: Iterable[int]) -> None:
        """Orders of as many clients, step by step: each step of them all is one transaction."""
        asked = [Draft(**draft(number)) for number in numbers]
        for step in (self._draft, self._submit, self._approve):
            self.rows, self.kept, self.under, self.now = [], [], [], time_ns() // 1_000
            with self.connection.cursor() as cursor:  # `write` commits what is begun here
                for one in asked:
                    step(cursor, one)
            self.write(self.rows, self.kept, self.under)

    def _empty(self) -> None:
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE log_events, log_keys, log_references, orders, stocks, accounts"
            )
            stocks = [(name, 10**9, 1) for name in self.products]
            execute_values(cursor, "INSERT INTO stocks VALUES %s", stocks)
            accounts = [(f"C-{number:02d}", 0, 1) for number in range(CUSTOMERS)]
            execute_values(cursor, "INSERT INTO accounts VALUES %s", accounts)
        self.position, self.digest = 0, bytes(32)

    def _draft(self, cursor: Any, asked: Draft) -> None:
        lines = [self._line(number, one) for number, one in enumerate(asked.lines, 1)]
        told = encode(lines).decode()
        cursor.execute(DRAFTED, (asked.id, asked.customer, asked.warehouse, told))
        what = {"customer": asked.customer, "customer_kind": "retailer"}
        where = {"warehouse": asked.warehouse, "currency": CNY, "lines": lines}
        drafted = {**what, **where, **WHO, **NOTHING_ELSE}
        self._record(
            "draft-order",
            asked.model_dump(),
            [(f"order-{asked.id}", 1, "OrderDrafted", drafted, "drafted")],
        )

    def _line(self, number: int, wanted: Line) -> dict[str, Any]:
        product, quantity = self.products[wanted.item], wanted.quantity
        assert product["sold"]
        reached = [one for one in BREAKS if one[0] <= quantity][-1]
        each, part, parts = reached[1], reached[1] * quantity, 1
        before, rules = part, []
        for name, share, category in RULES:
            taken_off = 0
            if category == product["category"]:
                part, parts = part * (10_000 - share), parts * 10_000
                after = (2 * part + parts) // (2 * parts)
                before, taken_off = after, before - after
            rules.append({"id": name, "version": 1, "outcome": "applied", "taken_off": taken_off})
        return {
            "line": number,
            "item": wanted.item,
            "quantity": quantity,
            "unit_price": each,
            "discount_bp": 0,
            "amount": before,
            "cost": product["cost"] * quantity,
            "pricing": {
                "list_price": each,
                "currency": CNY,
                "price_list": "L",
                "list_version": 1,
                "price_version": 1,
                "from_quantity": reached[0],
                "lists": [{"id": "L", "version": 1, "price_version": 1, "outcome": "chosen"}],
                "rules": rules,
                "taken_off": each * quantity - before,
                "floor": None,
                "below_floor": False,
            },
            "packed": None,
        }

    def _submit(self, cursor: Any, asked: Draft) -> None:
        cursor.execute(ORDER, (asked.id, "draft"))
        lines = decode(cursor.fetchone()[0])
        content = sha256("\n".join(map(_signed, lines)).encode()).hexdigest()
        cursor.execute(WENT_ON, ("submitted", content, asked.id))
        amount = sum(line["amount"] for line in lines)
        event = {"amount": amount, "content": content, "approval": None, "whole": None}
        submitted = (f"order-{asked.id}", 2, "OrderSubmitted", event, None)
        self._record("submit-order", {"id": asked.id}, [submitted])

    def _approve(self, cursor: Any, asked: Draft) -> None:
        cursor.execute(ORDER, (asked.id, "submitted"))
        told, content, warehouse, customer = cursor.fetchone()
        cursor.execute(WENT_ON, ("approved", content, asked.id))
        lines = decode(told)
        terms = {"approver": None, "hold_until": None, "revision": None, "settings": None}
        events: list[Happened] = [
            (f"order-{asked.id}", 3, "OrderApproved", {"content": content, **terms}, "approved")
        ]
        cursor.execute(STOCKS, ([line["item"] for line in lines],))
        stocks = {item: (free, version) for item, free, version in cursor.fetchall()}
        for line in lines:
            item, quantity = line["item"], line["quantity"]
            free, version = stocks[item]
            assert free >= quantity
            held = {"order": asked.id, "quantity": quantity, "packed": None}
            what = "StockReserved", {"holder": "warehouse", **held}, None
            events.append((f"stock-{warehouse}:{item}", version + 1, *what))
        execute_values(cursor, HELD, [(line["item"], line["quantity"]) for line in lines])
        amount = sum(line["amount"] for line in lines)
        cursor.execute(OWED, (amount, customer, amount, LIMIT))
        (version,) = cursor.fetchone()  # none, where it would be beyond the limit
        document = {"document": {"kind": "order", "id": asked.id}, "currency": CNY, "due": None}
        opened = {**document, "before": 0, "amount": amount}
        account = f"customer_account-{customer}"
        events.append((account, version, "OpenAmountChanged", opened, None))
        self._record("approve-order", {"id": asked.id}, events)

    def _record(self, slug: str, asked: Any, events: Sequence[Happened]) -> None:
        """The rows of what a command brought, and of its key."""
        key, written = str(uuid4()), []
        for stream, version, name, event, reference in events:
            self.position, data = self.position + 1, encode(event)
            place = self.position, stream, version, str(uuid4()), name, 1, self.now, self.now
            envelope = *place, "bench", key, key, None, "by hand"
            told = encode((1, "main", *envelope))
            self.digest = sha256(self.digest + told + b"\0" + data).digest()
            self.rows.append((*envelope, self.digest, data))
            one = {"position": self.position, "stream": stream, "version": version, "type": name}
            written.append(one)
            if reference is not None:
                self.under.append((stream, reference, self.position))
        own = written[0]
        outcome = {"position": self.position, "stream": own["stream"], "version": own["version"]}
        content = sha256(encode(("bench", slug, asked))).digest()
        self.kept.append((key, content, encode({**outcome, "events": written}), self.now))

    def _must_write_the_same(self) -> None:
        """As ours did of some orders."""
        ours = _by_order(self.events)
        whole = [order for order, events in ours.items() if len(events) == LINES + 4]
        self._take(int(order.removeprefix("SO-")) for order in whole[-CLIENTS:])
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SELECT * FROM log_events ORDER BY position")
            found = _by_order(cursor.fetchall())
        assert found
        assert found == {order: ours[order] for order in found}


def _by_order(rows: Iterable[Row]) -> dict[str, list[tuple[str, str, Any]]]:
    """What happened for each order, in which stream."""
    found: defaultdict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    for row in rows:
        stream, name, event = row[1], row[4], msgspec.json.decode(bytes(row[-1]))
        order = stream.removeprefix("order-") if name.startswith("Order") else event.get("order")
        if name == "OpenAmountChanged":
            order = event["document"]["id"]
        if order is not None:  # the company was there before its orders
            found[order].append((stream, name, event))
    return found


def _signed(line: dict[str, Any]) -> str:
    names = ("line", "item", "quantity", "unit_price", "discount_bp", "amount", "cost")
    return repr(tuple(line[name] for name in names))
