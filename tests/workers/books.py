"""The figures as somebody else would add them up: from the log's JSON alone, with other code."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from workers.company import Company

from infra.events import Recorded
from projections.engine import View, generations
from projections.engine.record import Record
from projections.engine.version_table import FOREVER

Totals = dict[str, dict[tuple[Any, ...], list[int]]]
Lines = dict[str, set[tuple[int, int]]]
WIDTH = {"dealer_stock": 5, "transit": 3, "funnel": 7, "deals": 8, "rankings": 8, "points": 5} | {
    "results": 6,
    "stock_movements": 3,
    "stock_value": 6,
    "task_counts": 7,
}
TASKS = {
    "TaskCreated": (1, 1, 0, 0, 0, 0, 0),
    "TaskOverdue": (0, 0, 1, 1, 0, 0, 0),
    "TaskRescheduled": (0, 0, 0, 0, 0, 0, 0),
    "TaskCompleted": (0, -1, 0, 0, 1, 0, 0),
}
"""What each changes; each task is overdue once at most, and a mark of before it is taken off."""
MOVES = {"StockReceived": None, "StockSold": "sales_issue"}
RECEIPTS = {"purchase": "purchase_receipt", "opening": "opening"}
BOARDS = {"dealers": "location", "products": "item"}


class Books:
    """What each view must say of these events: its totals, and the lines of its ledger."""

    def __init__(self, log: Iterable[Recorded]) -> None:
        self.totals: Totals = defaultdict(dict)
        self.lines: Lines = defaultdict(set)
        for event in log:
            self._enter(event)

    def _enter(self, event: Recorded) -> None:
        kind, _, key = event.stream.partition("-")
        data = json.loads(event.data)
        if kind == "stock":
            self._stock(event, data, *key.split(":"))
        if kind == "opportunity":
            self._deal(event, data)
        if event.type in TASKS:
            self._task(event, data)
        if event.type == "CustomerRegistered":
            whose = data["owner"], data["department"], data["region"], "", ""
            self._add("results", event, 0, [whose], (0, 0, 1, 0, 0, 0))

    def _stock(self, event: Recorded, data: dict[str, Any], location: str, item: str) -> None:
        quantity, sold = data["quantity"], event.type == "StockSold"
        change = {
            "StockReceived": (quantity, 0, 0, 0, 0),
            "StockReserved": (0, quantity, 0, 0, 0),
            "StockReleased": (0, -quantity, 0, 0, 0),
            "StockSold": (-quantity, 0, 0, quantity, 0),
        }[event.type]
        self._add("dealer_stock", event, 0, [(location, data["holder"], item)], change)
        if event.type in MOVES:
            movement = MOVES[event.type] or RECEIPTS[data["reason"]]
            came_in, went_out = (0, quantity) if sold else (quantity, 0)
            moved = came_in, went_out, came_in - went_out
            self._add("stock_movements", event, 0, [(location, item, movement)], moved)
            if data["holder"] == "warehouse":
                paper = data["reference"], f"received:{data['reference']}", ""
                sold_to = ("",) * 4
                key = location, item, movement, *paper, *sold_to, data.get("currency") or "", 0
                cost = data.get("cost") or 0
                self._add("stock_value", event, 0, [key], (quantity, 0, 0, cost, 0, 0))
        if sold:
            keys = [(b, s, data["currency"]) for b, s in zip(BOARDS, (location, item), strict=True)]
            self._add("rankings", event, 0, keys, (0, 0, 0, 0, data["amount"], quantity, 0, 0))

    def _task(self, event: Recorded, data: dict[str, Any]) -> None:
        marked, late = int(data.get("overdue", False)), int(data.get("late", False))
        if event.type == "TaskRescheduled" and not marked:
            return
        made, opened, overdue, times, done, _, cancelled = TASKS[event.type]
        change = made, opened, overdue - marked, times, done, late, cancelled
        whose = data["owner"], data["department"], data["region"]
        self._add("task_counts", event, 0, [whose], change)

    def _deal(self, event: Recorded, data: dict[str, Any]) -> None:
        amount, who = data["amount"], (data["rep"], data["department"], data["region"])

        def at(stage: str) -> list[tuple[Any, ...]]:
            return [(data["pipeline"], stage, *who, data["currency"])]

        self._step(event, data, amount, who)
        line = 0
        if event.type != "OpportunityOpened":
            back = event.type == "OpportunityAdvanced" and not data["forward"]
            gone = (-1, -amount, 0, 0 if back else 1, 1 if back else 0, 0, data["seconds"])
            self._add("funnel", event, line, at(data["from_stage"]), gone)
            line = 1
        stage = "won" if event.type == "OpportunityWon" else data["stage"]
        self._add("funnel", event, line, at(stage), (1, amount, 1, 0, 0, 0, 0))

    def _step(
        self, event: Recorded, data: dict[str, Any], amount: int, who: tuple[str, ...]
    ) -> None:
        came = data.get("customer_kind") or "", data.get("source") or ""
        stage = data["from_stage"] if event.type == "OpportunityWon" else data["stage"]
        key = data["pipeline"], stage, *who, data["currency"], *came, ""
        change = {
            "OpportunityOpened": (1, amount, 0, 0, 0, 0, 0, 0),
            "OpportunityAdvanced": (0, 0, 0, 1, 0, 0, 0, 0),
            "OpportunityWon": (0, 0, 0, 0, 1, amount, 0, 0),
        }[event.type]
        self._add("deals", event, 0, [key], change)
        reached = {
            "OpportunityOpened": (0, 0, 0, 0, 0, amount),
            "OpportunityWon": (0, 0, 0, amount, 0, -amount),
        }
        if event.type in reached:
            place = *who, "", data["currency"]
            self._add("results", event, 0, [place], reached[event.type])

    def _add(self, view: str, event: Recorded, line: int, keys: Any, change: Any) -> None:
        self.lines[view].add((event.position, line))
        for key in keys:
            sums = self.totals[view].get(key, [0] * WIDTH[view])
            self.totals[view][key] = [old + new for old, new in zip(sums, change, strict=True)]


def kept(company: Company, view: View, generation: int | None = None) -> tuple[Any, Any]:
    """What a view says: its totals but for zeros, and the lines of its ledger."""
    with company.platform.database.read() as connection:
        number = generation or generations.generation(connection, view.name)
        tables = view.tables(number)
        place = connection.execute(select(tables.ledger.c.position, tables.ledger.c.line)).all()
        rows = connection.execute(select(tables.totals)).all()
    wide = len(view.key)
    sums = {tuple(row[:wide]): list(row[wide:]) for row in rows if any(row[wide:])}
    assert len(place) == len(set(place))
    return sums, {tuple(row) for row in place}


def recorded(company: Company, record: Record[Any], log: Sequence[Recorded]) -> None:
    """A record has a version for each event of its kind, a sparse one for each that changes it, and
    the last is the fold of them all.
    """
    codec, own, latest = company.platform.codec, dict[str, Any](), dict[str, int]()
    made = []
    for event in (one for one in log if one.kind == record.kind.kind):
        before = own.get(event.stream)
        content = codec.decode(event.type, event.schema, event.data)
        row = record.fold(before or record.shape(), event, content)
        if record.sparse and row == before:
            continue
        own[event.stream], latest[event.stream] = row, event.position
        made.append(event.position)
    with company.platform.database.read() as connection:
        table = record.versions(generations.generation(connection, record.name))
        versions = connection.execute(select(table.c.position).distinct()).scalars().all()
        now = connection.execute(select(table).where(table.c.ended == FOREVER)).mappings().all()
    assert sorted(versions) == made, record.name
    assert {row["stream"]: row["position"] for row in now} == latest, record.name
    for row in now:
        for name, value in own[row["stream"]]._asdict().items():
            plain = value is None or isinstance(value, str | int | float)
            kept_value = row[name] if plain else json.loads(row[name])
            wanted = value if plain else json.loads(msgspec.json.encode(value))
            assert kept_value == wanted, (record.name, row["stream"], name)


def balanced(company: Company) -> int:
    """Every view says what the log says, no more and no less; answers the number of events."""
    log = company.log()
    books = Books(log)
    assert [event.position for event in log] == list(range(1, len(log) + 1))
    for record in company.platform.records:
        recorded(company, record, log)
    for view in company.platform.figures:
        totals, lines = kept(company, view)
        assert lines == books.lines[view.name], view.name
        expected = {k: v for k, v in books.totals[view.name].items() if any(v)}
        assert totals == expected, view.name
    return len(log)
