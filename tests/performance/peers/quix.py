"""The job by Quix Streams: sums in its state, and its PostgreSQL sink, upserting by key.

Its exactly-once holds state and offsets together. The sink is written before they are committed,
so a row may come again; since it holds the whole sum, it is then written over by itself.
"""

import json
import sys
import tempfile
import uuid
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlsplit

from quixstreams import Application, State
from quixstreams.sinks.community.postgresql import PostgreSQLSink

asked = json.loads(sys.argv[1])
began: list[tuple[float, float]] = []


def add(sold: Any, key: str, _: int, __: Any, state: State) -> dict[str, Any]:
    if not began:
        began.append((perf_counter(), process_time()))
    lines, quantity, cents = state.get("sums", (0, 0, 0))
    sums = lines + 1, quantity + sold["data"]["quantity"], cents + sold["data"]["amount"]
    state.set("sums", sums)
    store, _, product = key.removeprefix("stock-").partition(":")
    named = dict(zip(("lines", "quantity", "cents"), sums, strict=True))
    return {"store": store, "product": product, **named}


def run(folder: str) -> None:
    app = Application(
        broker_address=asked["kafka"],
        consumer_group=f"quix-{uuid.uuid4().hex}",
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        state_dir=folder,
        loglevel="WARNING",
    )
    topic = app.topic(asked["topic"], key_deserializer="str", value_deserializer="json")
    where = urlsplit(asked["database"])
    sink = PostgreSQLSink(
        host=where.hostname or "127.0.0.1",
        port=where.port or 5432,
        dbname=where.path.strip("/"),
        user=where.username or "",
        password=where.password or "",
        table_name="sales",
        primary_key_columns=["store", "product"],
        upsert_on_primary_key=True,
        include_metadata=False,
    )
    app.dataframe(topic).apply(add, stateful=True, metadata=True).sink(sink)
    app.run(count=asked["events"], timeout=60, collect=False)


with tempfile.TemporaryDirectory() as folder:
    run(folder)
    [(start, work)] = began
    print(json.dumps({"seconds": perf_counter() - start, "cpu": process_time() - work}))
