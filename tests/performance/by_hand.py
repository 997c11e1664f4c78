"""What somebody would write who had only these tables to fill: no layers, no rules."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import psycopg2
from kafka import KafkaConsumer
from psycopg2.extras import execute_values
from sqlalchemy import make_url

from infra.clock import micros
from infra.settings import Settings

DAY = 86_400_000_000
CHINA = 28_800_000_000
OFFSETS = "CREATE TABLE IF NOT EXISTS offsets (topic text, partition int, next bigint,\
 PRIMARY KEY (topic, partition))"
Rows = Iterator[tuple[Any, ...]]
decode = msgspec.json.Decoder().decode


def dealer_stock(type: str, e: dict[str, Any], location: str, item: str) -> Rows:
    at, n = (location, e["holder"], item), e.get("quantity", 0)
    if type == "StockReceived":
        yield *at, n, 0, 0, -n if e["reason"] == "return" else 0, 0
    elif type == "StockAdjusted":
        yield *at, n, 0, 0, 0, 0
    elif type == "StockIssued":
        yield *at, -n, 0, 0, n if e["reason"] == "sale" else 0, 0
    elif type == "StockReserved":
        yield *at, 0, n, 0, 0, 0
    elif type == "StockReleased":
        yield *at, 0, -n, 0, 0, 0
    elif type == "StockShipped":
        yield *at, -n, -n, 0, n, 0
    elif type == "StockDispatched":
        yield *at, -n, 0, 0, 0, 0
    elif type == "StockExpected":
        yield *at, 0, 0, n, 0, 0
    elif type == "StockArrived":
        yield *at, n, 0, -n - e["lost"], 0, 0
    elif type == "StockCounted":
        yield *at, e["difference"], 0, 0, 0, 0
    elif type == "StockSold":
        yield *at, -n, 0, 0, n, 0


def funnel(type: str, e: dict[str, Any]) -> Rows:
    p, money = e["pipeline"], e.get("amount", 0)
    who = e["rep"], e["department"], e["region"], e["currency"]
    if type == "OpportunityOpened":
        yield p, e["stage"], *who, 1, money, 1, 0, 0, 0, 0
    elif type == "OpportunityAdvanced":
        on = 1 if e["forward"] else 0
        yield p, e["from_stage"], *who, -1, -money, 0, on, 1 - on, 0, e["seconds"]
        yield p, e["stage"], *who, 1, money, 1, 0, 0, 0, 0
    elif type == "OpportunityRevalued":
        yield p, e["stage"], *who, 0, money - e["from_amount"], 0, 0, 0, 0, 0
    elif type == "OpportunityWon":
        yield p, e["from_stage"], *who, -1, -money, 0, 1, 0, 0, e["seconds"]
        yield p, "won", *who, 1, money, 1, 0, 0, 0, 0
    elif type == "OpportunityLost":
        yield p, e["from_stage"], *who, -1, -money, 0, 0, 0, 1, e["seconds"]
        yield p, "lost", *who, 1, money, 1, 0, 0, 0, 0


def deals(type: str, e: dict[str, Any]) -> Rows:
    money, came = e["amount"], (e.get("customer_kind") or "", e.get("source") or "")
    who = e["rep"], e["department"], e["region"], e["currency"]
    if type == "OpportunityOpened":
        yield e["pipeline"], e["stage"], *who, *came, "", 1, money, 0, 0, 0, 0, 0, 0
    elif type == "OpportunityAdvanced":
        yield e["pipeline"], e["stage"], *who, "", "", "", 0, 0, 0, 1, 0, 0, 0, 0
    elif type == "OpportunityRevalued":
        more = money - e["from_amount"]
        yield e["pipeline"], e["stage"], *who, "", "", "", 0, 0, more, 0, 0, 0, 0, 0
    elif type == "OpportunityWon":
        yield e["pipeline"], e["from_stage"], *who, *came, "", 0, 0, 0, 0, 1, money, 0, 0
    elif type == "OpportunityLost":
        why = e["reason"]
        yield e["pipeline"], e["from_stage"], *who, *came, why, 0, 0, 0, 0, 0, 0, 1, money


def transit(type: str, e: dict[str, Any], location: str, item: str) -> Rows:
    if type == "StockExpected":
        yield location, item, e["transfer"], e["from_location"], e["quantity"], 0, 0
    elif type == "StockArrived":
        n, lost = e["quantity"], e["lost"]
        yield location, item, e["transfer"], "", -n - lost, n, lost


def rankings(type: str, e: dict[str, Any], first: str, second: str) -> Rows:
    if type in ("OrderShipped", "OrderReturned"):
        sign, customer = 1 if type == "OrderShipped" else -1, e["customer"]
        dealer = customer if e["customer_kind"] == "dealer" else ""
        who = customer, dealer, e["rep"], e["department"], e["region"]
        for line in e["lines"]:
            money, cost = sign * line["amount"], line["cost"]
            sold = money, sign * line["quantity"], 0 if cost is None else money - sign * cost
            rest = 0 if cost is not None else money, 0, 0, 0, 0
            yield *who, line["item"], "", e["currency"], *sold, *rest
    elif type == "StockSold":
        who = first, e["rep"] or "", e["department"] or "", e["region"] or ""
        what = second, e["member"] or "", e["currency"]
        yield "", *who, *what, 0, 0, 0, 0, e["amount"], e["quantity"], 0, 0
    elif type in ("PointsEarned", "EarningReversed", "PointsRedeemed", "RedemptionReversed"):
        n = e["points"]
        earned = {"PointsEarned": n, "EarningReversed": -n - e.get("debt", 0)}.get(type, 0)
        spent = {"PointsRedeemed": n, "RedemptionReversed": -n}.get(type, 0)
        yield "", e["dealer"] or "", "", "", "", "", first, "", 0, 0, 0, 0, 0, 0, earned, spent


def points(type: str, e: dict[str, Any], member: str) -> Rows:
    n, who = e.get("points", 0), (member, e.get("dealer") or "")
    gone = n + e.get("debt", 0)
    if type == "PointsEarned":
        yield *who, n, n, 0, 0, 0
    elif type == "PointsRedeemed":
        yield *who, -n, 0, n, 0, 0
    elif type == "RedemptionReversed":
        yield *who, n, 0, -n, 0, 0
    elif type == "PointsExpired":
        yield *who, -n, 0, 0, n, 0
    elif type in ("EarningReversed", "PurchaseReturned"):
        yield *who, -gone, 0, 0, 0, gone


BOARDS = (
    ("customers", 0),
    ("dealers", 1),
    ("reps", 2),
    ("products", 5),
    ("members", 6),
    ("departments", 3),
    ("regions", 4),
)
WIDTH = {"dealer_stock": 3, "transit": 4, "funnel": 6, "deals": 9, "rankings": 8, "points": 2}
MEASURES = {
    "dealer_stock": ("on_hand", "reserved", "in_transit", "outflow", "blocked"),
    "transit": ("quantity", "arrived", "lost"),
    "funnel": ("deals", "amount", "entered", "advanced", "went_back", "lost", "seconds"),
    "deals": (
        "opened",
        "opened_amount",
        "revalued",
        "moved",
        "won",
        "won_amount",
        "lost",
        "lost_amount",
    ),
    "rankings": (
        "amount",
        "quantity",
        "margin",
        "uncosted",
        "sell_out_amount",
        "sell_out_quantity",
        "points",
        "redeemed",
    ),
    "points": ("balance", "earned", "redeemed", "expired", "taken_back"),
}
KEYS = {
    "dealer_stock": "location, holder, item",
    "transit": "location, item, transfer, from_location",
    "funnel": "pipeline, stage, rep, department, region, currency",
    "deals": "pipeline, stage, rep, department, region, currency, customer_kind, source, reason",
    "rankings": "board, subject, currency",
    "points": "member, dealer",
}


class ByHand:
    """One poll, one transaction: decode, add up, write ledgers, sums and offsets."""

    def __init__(self, settings: Settings, prefix: str, group: str) -> None:
        url = make_url(settings.database).set(drivername="postgresql")
        self.connection = psycopg2.connect(url.render_as_string(hide_password=False))
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(OFFSETS)
        self.consumer = KafkaConsumer(
            bootstrap_servers=settings.kafka,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=100,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            max_poll_records=5_000,
            metrics_enabled=False,
        )
        kinds = ("member", "opportunity", "order", "stock")
        self.consumer.subscribe(topics=[f"{prefix}.{kind}" for kind in kinds])

    def settle(self) -> None:
        """Join the group; what came with it comes again.

        In one poll: kafka-python forgets a join that ends between two.
        """
        self.consumer.poll(timeout_ms=60_000, max_records=1)
        assert self.consumer.assignment(), "the group gave no partitions in a minute"
        self.consumer.seek_to_beginning(*self.consumer.assignment())

    def step(self, most: int) -> int:
        polled = self.consumer.poll(timeout_ms=100, max_records=most)
        records = [record for each in polled.values() for record in each]
        ledgers: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        totals: dict[str, dict[tuple[Any, ...], list[int]]] = defaultdict(dict)
        for record in records:
            self._take(record, ledgers, totals)
        offsets = [(*place, each[-1].offset + 1) for place, each in polled.items()]
        if records:
            self._write(ledgers, totals, offsets)
        return len(records)

    def _take(self, record: Any, ledgers: Any, totals: Any) -> None:
        told = decode(record.value)
        e, name, stream = told["data"], told["type"], told["subject"]
        log = told["source"].split("/")[2]
        moments = datetime.fromisoformat(told["time"]), datetime.fromisoformat(told["recordedtime"])
        occurred, recorded = map(micros, moments)
        self.last_position = int(told["sequence"])
        place = log, self.last_position
        rest = stream, name, occurred, recorded, (occurred + CHINA) // DAY
        for view, row, line in self._rows(stream, name, e):
            ledgers[view].append((*place, line, *rest, *row))
            wide = WIDTH[view]
            keys = [row[:wide]]
            if view == "rankings":
                keys = [(board, row[at], row[7]) for board, at in BOARDS if row[at]]
            for key in keys:
                old = totals[view].get(key)
                now = row[wide:]
                totals[view][key] = [a + b for a, b in zip(old, now)] if old else list(now)  # noqa: B905

    def _rows(self, stream: str, type: str, e: Any) -> Iterator[tuple[str, tuple[Any, ...], int]]:
        kind, _, key = stream.partition("-")
        first, _, second = key.partition(":")
        if kind == "stock":
            for line, row in enumerate(dealer_stock(type, e, first, second)):
                yield "dealer_stock", row, line
            for line, row in enumerate(transit(type, e, first, second)):
                yield "transit", row, line
        if kind == "opportunity":
            for line, row in enumerate(funnel(type, e)):
                yield "funnel", row, line
            for line, row in enumerate(deals(type, e)):
                yield "deals", row, line
        if kind == "member":
            for line, row in enumerate(points(type, e, first)):
                yield "points", row, line
        if kind != "opportunity":
            for line, row in enumerate(rankings(type, e, first, second)):
                yield "rankings", row, line

    def _write(self, ledgers: Any, totals: Any, offsets: list[tuple[Any, ...]]) -> None:
        with self.connection, self.connection.cursor() as cursor:
            for view, rows in ledgers.items():
                write(cursor, f"INSERT INTO {view}_1_ledger VALUES %s", rows)
            for view, sums in totals.items():
                rows = [(*key, *values) for key, values in sorted(sums.items())]
                add = ",".join(f"{m}=t.{m}+excluded.{m}" for m in MEASURES[view])
                into = f"INSERT INTO {view}_1_totals AS t VALUES %s"
                write(cursor, f"{into} ON CONFLICT ({KEYS[view]}) DO UPDATE SET {add}", rows)
            self._also(cursor)
            moved = "ON CONFLICT (topic, partition) DO UPDATE SET next=excluded.next"
            write(cursor, f"INSERT INTO offsets VALUES %s {moved}", offsets)

    def _also(self, cursor: Any) -> None:
        """What somebody writes besides in the same transaction."""

    def close(self) -> None:
        self.consumer.close(autocommit=False)
        self.connection.close()


def write(cursor: Any, statement: str, rows: list[tuple[Any, ...]]) -> None:
    execute_values(cursor, statement, rows, page_size=1_000)
