"""What somebody would write who had only the record of customers to fill: no layers, no rules."""

from typing import Any

import msgspec
import psycopg2
from psycopg2.extras import execute_values
from sqlalchemy import make_url

from infra.settings import Settings
from projections.engine import name_order, words

MOST = 2_000
FOREVER = 2**63 - 1
FIELDS = ("name", "customer_kind", "owner", "department", "region", "city", "country", "source")
ROW = (*FIELDS, "frozen", "contacts", "registered_at")
EVENTS = (
    "SELECT position, stream, version, type, occurred_at, recorded_at, data FROM log_events"
    " WHERE position > %s ORDER BY position LIMIT %s"
)
CURRENT = (
    f"SELECT stream, position, found_by, {','.join(ROW)} FROM customers_1_versions"
    " WHERE ended = 9223372036854775807 AND stream = ANY(%s)"
)
END = (
    "UPDATE customers_1_versions t SET ended = v.ended FROM (VALUES %s)"
    " AS v (stream, position, ended) WHERE t.stream = v.stream AND t.position = v.position"
    " AND t.ended = 9223372036854775807"
)
REMOVE = (
    "DELETE FROM customers_1_grams t USING (VALUES %s) AS v (gram, stream)"
    " WHERE t.gram = v.gram AND t.stream = v.stream AND t.log = 'main'"
)
OWN = "log,stream,id,version,position,happened,ended,type,recorded_at,found_by"
INSERT = f"INSERT INTO customers_1_versions ({OWN},{','.join(ROW)},name_reading) VALUES %s"
INDEX = "INSERT INTO customers_1_grams VALUES %s"
OFFSETS = "CREATE TABLE IF NOT EXISTS offsets (log text PRIMARY KEY, next bigint)"
MOVE = (
    "INSERT INTO offsets VALUES ('main', %s) ON CONFLICT (log) DO UPDATE SET next = excluded.next"
)
decode = msgspec.json.Decoder().decode


class ByHand:
    """One read, one transaction: decode, fold, write versions, words and the offset."""

    def __init__(self, settings: Settings) -> None:
        url = make_url(settings.database).set(drivername="postgresql")
        self.connection = psycopg2.connect(url.render_as_string(hide_password=False))
        self.position = 0
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(OFFSETS)

    def step(self) -> int:
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(EVENTS, (self.position, MOST))
            events = cursor.fetchall()
            if events:
                self._write(cursor, events)
                self.position = events[-1][0]
        return len(events)

    def _write(self, cursor: Any, events: list[Any]) -> None:
        cursor.execute(CURRENT, (list({event[1] for event in events}),))
        was = {stream: rest for stream, *rest in cursor}
        state = {
            stream: (found, dict(zip(ROW, row, strict=True)))
            for stream, (_, found, *row) in was.items()
        }
        last: dict[str, list[Any]] = {}
        made, ends = [], []
        for position, stream, version, kind, at, recorded, data in events:
            found, row = self._folded(state.get(stream), stream, kind, at, decode(bytes(data)))
            state[stream] = found, row
            if stream in last:
                last[stream][6] = position
            elif stream in was:
                ends.append((stream, was[stream][0], position))
            place = "main", stream, stream[9:], version, position, at, FOREVER, kind, recorded
            made.append([*place, found, *row.values(), name_order.reading(row["name"])])
            last[stream] = made[-1]
        if ends:
            execute_values(cursor, END, ends, page_size=1_000)
        execute_values(cursor, INSERT, made, page_size=1_000)
        self._index(cursor, {stream: row[1] for stream, row in was.items()}, state)
        cursor.execute(MOVE, (events[-1][0],))

    def _folded(
        self, before: Any, stream: str, kind: str, at: int, event: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        found, row = before or ("", {})
        if kind == "CustomerRegistered":
            row = {name: event[name] for name in FIELDS}
            row |= {"frozen": None, "contacts": "[]", "registered_at": at}
        elif kind == "CustomerReassigned":
            row = {**row, **{name: event[name] for name in ("owner", "department", "region")}}
        elif kind == "CustomerFrozen":
            row = {**row, "frozen": event["reason"]}
        elif kind == "CustomerDetailsChanged":
            row = {**row, **{name: event[name] for name in ("name", "city", "country")}}
        if kind in ("CustomerRegistered", "CustomerDetailsChanged"):
            found = words.found_by((stream[9:], row["name"], row["city"]))
        return found, row

    def _index(self, cursor: Any, was: dict[str, str], state: dict[str, Any]) -> None:
        gone, new = [], []
        for stream, (found, _) in state.items():
            before, now = words.grams(was.get(stream, "")), words.grams(found)
            gone += [(gram, stream) for gram in before - now]
            new += [(gram, stream, "main") for gram in now - before]
        if gone:
            execute_values(cursor, REMOVE, gone, page_size=1_000)
        if new:
            execute_values(cursor, INDEX, new, page_size=1_000)

    def close(self) -> None:
        self.connection.close()
