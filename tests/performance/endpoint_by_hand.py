"""The endpoint that somebody would write who had only goods to issue: no layers, no rights.

What is asked under a key takes effect once, nothing is issued that is not there, each issue is
kept, and the answer is durable: the least that a command of ours promises.
"""

import sys
from typing import Annotated, Any

import psycopg2
import uvicorn
from fastapi import FastAPI, Header, HTTPException
from psycopg2.pool import ThreadedConnectionPool

from commands.inventory.stock import IssueStock
from tests.performance.caller import CLIENTS
from tests.performance.workload import STOCKS, stock_of

TABLES = """
CREATE TABLE stocks (location text, item text, on_hand bigint NOT NULL, version bigint NOT NULL,
    PRIMARY KEY (location, item));
CREATE TABLE movements (position bigserial PRIMARY KEY, location text, item text,
    reference text, quantity bigint, reason text, moved_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (location, item, reference));
CREATE TABLE keys (key text PRIMARY KEY, position bigint NOT NULL)
"""
TAKEN = """UPDATE stocks SET on_hand=on_hand-%s, version=version+1
    WHERE location=%s AND item=%s AND on_hand>=%s RETURNING version"""
MOVED = """INSERT INTO movements (location, item, reference, quantity, reason)
    VALUES (%s, %s, %s, %s, %s) RETURNING position"""


def made(url: str) -> FastAPI:
    pool, app = ThreadedConnectionPool(CLIENTS, CLIENTS, url), FastAPI()

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @app.post("/commands/issue-stock")
    def issue_stock(asked: IssueStock, idempotency_key: Annotated[str, Header()]) -> dict[str, Any]:
        connection = pool.getconn()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT position FROM keys WHERE key=%s", (idempotency_key,))
                if known := cursor.fetchone():
                    return {"stream": asked.stream, "position": known[0]}
                where = asked.location, asked.item
                cursor.execute(TAKEN, (asked.quantity, *where, asked.quantity))
                if (taken := cursor.fetchone()) is None:
                    raise HTTPException(409, "there is not enough")
                cursor.execute(MOVED, (*where, asked.reference, asked.quantity, asked.reason))
                (position,) = cursor.fetchone() or (0,)
                cursor.execute("INSERT INTO keys VALUES (%s, %s)", (idempotency_key, position))
            return {"stream": asked.stream, "position": position, "version": taken[0]}
        finally:
            pool.putconn(connection)

    return app


def prepare(url: str) -> None:
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
        for number in range(STOCKS):
            place = stock_of(number)
            stock = place["location"], place["item"], 10**9, 1
            cursor.execute("INSERT INTO stocks VALUES (%s, %s, %s, %s)", stock)
    connection.close()


if __name__ == "__main__":
    prepare(sys.argv[2])
    uvicorn.run(
        made(sys.argv[2]),
        port=int(sys.argv[1]),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=30,
        backlog=2_048,
    )
