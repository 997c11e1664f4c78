"""The job by Faust: a stream is taken in batches and added up in PostgreSQL, a transaction each.

Its exactly-once is for its own tables and topics. What is written elsewhere is written at least
once: a crash between the transaction and the acknowledgement counts a batch twice.
"""

import asyncio
import json
import os
import sys
import tempfile
import uuid
from collections import defaultdict
from time import perf_counter, process_time
from typing import Any

import asyncpg
import faust

asked = json.loads(os.environ.get("ASKED") or sys.argv[1])
app = faust.App(
    f"faust-{uuid.uuid4().hex}",
    broker=f"kafka://{asked['kafka']}",
    key_serializer="raw",
    value_serializer="json",
    consumer_auto_offset_reset="earliest",
    worker_redirect_stdouts=False,
    datadir=tempfile.mkdtemp(prefix="faust-"),
    web_enabled=False,
    broker_max_poll_records=5_000,
    stream_buffer_maxsize=16_384,
)
MAKE = """CREATE TABLE IF NOT EXISTS sales (store text, product text, lines bigint NOT NULL,
 quantity bigint NOT NULL, cents bigint NOT NULL, PRIMARY KEY (store, product))"""
ADD = """INSERT INTO sales AS s SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[],
 $4::bigint[], $5::bigint[]) ON CONFLICT (store, product) DO UPDATE SET
 lines = s.lines + excluded.lines, quantity = s.quantity + excluded.quantity,
 cents = s.cents + excluded.cents"""


async def write(connection: Any, events: list[Any]) -> None:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for event in events:
        store, _, product = event.key.decode().removeprefix("stock-").partition(":")
        total, sold = sums[store, product], event.value["data"]
        total[0] += 1
        total[1] += sold["quantity"]
        total[2] += sold["amount"]
    rows = [(*key, *total) for key, total in sorted(sums.items())]
    async with connection.transaction():
        await connection.execute(ADD, *(list(column) for column in zip(*rows, strict=True)))


@app.agent(app.topic(asked["topic"]))
async def sales(stream: Any) -> None:
    connection = await asyncpg.connect(asked["database"])
    await connection.execute(MAKE)
    done, began = 0, (0.0, 0.0)
    async for events in stream.take_events(2_000, within=0.2):
        began = began if done else (perf_counter(), process_time())
        await write(connection, events)
        done += len(events)
        if done >= asked["events"]:
            start, work = began
            found = {"seconds": perf_counter() - start, "cpu": process_time() - work}
            print(json.dumps(found), file=sys.__stdout__, flush=True)
            os._exit(0)  # its own farewell to the group takes as long as the job


if __name__ == "__main__":
    sys.argv = ["faust", "worker", "--loglevel=ERROR", "--without-web"]
    asyncio.set_event_loop(asyncio.new_event_loop())
    app.main()
