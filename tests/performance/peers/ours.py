"""The job by this platform: a view of one's own, fed by the projector as any other."""

import json
import sys
import uuid
from collections.abc import Iterator
from time import perf_counter, process_time
from typing import Any, NamedTuple

from sqlalchemy import text

from aggregates.inventory.stock import Stock, StockSold
from infra.events import Recorded
from infra.settings import Settings
from projections.engine import View, generations
from services import memory
from services.bootstrap import Platform, platform
from services.workers.apply import Applier
from services.workers.project import Projector
from tests.performance.append import _commands
from tests.performance.workload import warm

LIMIT = 600.0


class Sale(NamedTuple):
    store: str
    product: str
    lines: int
    quantity: int
    cents: int


def rows(recorded: Recorded, event: Any) -> Iterator[Sale]:
    if isinstance(event, StockSold):
        yield Sale(*Stock.parts(recorded.stream), 1, event.quantity, event.amount)


MEASURES = "lines", "quantity", "cents"
view = View("sales", frozenset({"stock"}), Sale, MEASURES, rows)


def project(asked: dict[str, Any]) -> dict[str, float]:
    made = _platform(asked)
    with made.database.write() as connection:
        generations.create(connection, [view])
    subscriber = made.broker("ours").subscriber(f"ours-{uuid.uuid4().hex}", [asked["topic"]])
    projector = Projector(Applier(made.store, [view], made.codec), subscriber)
    while not subscriber.assigned() or subscriber.fresh():
        projector.step()
    memory.settle(memory.BATCHES)  # as its processes do
    start, work, done = perf_counter(), process_time(), 0
    while done < asked["events"]:
        done += projector.step()
        assert perf_counter() < start + LIMIT, f"only {done} came"
    found = {"seconds": perf_counter() - start, "cpu": process_time() - work}
    subscriber.close()
    with made.database.write() as connection:
        connection.execute(text("CREATE VIEW sales AS SELECT * FROM sales_1_totals"))
    return found


def append(asked: dict[str, Any]) -> dict[str, float]:
    """32 clients, one command and one event each time."""
    made = _platform(asked)
    warm(made)
    found = _commands(made, asked["seconds"])
    found()
    return {"rate": found()}


def _platform(asked: dict[str, Any]) -> Platform:
    settings = Settings(
        database_url=asked["database"],
        kafka=asked["kafka"],
        kafka_client=asked.get("client", "kafka-python"),
        topic_prefix=asked["topic"].partition(".")[0],
    )
    made = platform(settings)
    made.prepare()
    return made


if __name__ == "__main__":
    asked = json.loads(sys.argv[2])
    print(json.dumps({"project": project, "append": append}[sys.argv[1]](asked)))
