"""The job by eventsourcing's ProjectionRunner, from its recorder, with its tracking recorder.

Exactly once: the change and the position are one transaction, and every event has its own.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from tests.performance.peers.sales import Sales

MAKE = """CREATE TABLE IF NOT EXISTS sales (store text, product text, lines bigint NOT NULL,
 quantity bigint NOT NULL, cents bigint NOT NULL, PRIMARY KEY (store, product))"""
ADD = """INSERT INTO sales AS s VALUES (%s, %s, 1, %s, %s) ON CONFLICT (store, product)
 DO UPDATE SET lines = s.lines + 1, quantity = s.quantity + excluded.quantity,
 cents = s.cents + excluded.cents"""


@dataclass(frozen=True)
class Sold(DomainEvent):
    store: str
    product: str
    quantity: int
    cents: int


class Shop(Application[UUID]):
    pass


class Figures(PostgresTrackingRecorder):
    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.sql_create_statements.append(SQL(MAKE).format())

    def add(self, sold: Sold, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            what = sold.store, sold.product, sold.quantity, sold.cents
            cursor.execute(ADD, what, prepare=True)


class Summing(Projection[Figures]):
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.add(domain_event, tracking)


def fill(asked: dict[str, Any]) -> None:
    shop, versions = Shop(), dict[UUID, int]()
    batch: list[Sold] = []
    for store, product, sold in Sales(asked["events"]).rows():
        stream = uuid5(NAMESPACE_OID, f"{store}:{product}")
        versions[stream] = version = versions.get(stream, 0) + 1
        what = store, product, sold.quantity, sold.amount
        batch.append(Sold(stream, version, DomainEvent.create_timestamp(), *what))
        if len(batch) == 1_000:
            batch = _stored(shop, batch)
    _stored(shop, batch)
    shop.close()


def _stored(shop: Shop, batch: Sequence[Sold]) -> list[Sold]:
    shop.recorder.insert_events([shop.mapper.to_stored_event(event) for event in batch])
    return []


def run(asked: dict[str, Any]) -> dict[str, float]:
    start, work = perf_counter(), process_time()
    with ProjectionRunner(
        application_class=Shop, projection_class=Summing, view_class=Figures
    ) as runner:
        runner.wait(asked["events"], timeout=600)
        return {"seconds": perf_counter() - start, "cpu": process_time() - work}


def environment(database: str) -> dict[str, str]:
    where = urlsplit(database)
    named = {
        "DBNAME": where.path.strip("/"),
        "HOST": where.hostname or "",
        "PORT": str(where.port),
        "USER": where.username or "",
        "PASSWORD": where.password or "",
    }
    module = {"PERSISTENCE_MODULE": "eventsourcing.postgres"}
    return module | {f"POSTGRES_{name}": value for name, value in named.items()}


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    os.environ.update(environment(asked["database"]))
    fill(asked)
    print(json.dumps(run(asked)))
