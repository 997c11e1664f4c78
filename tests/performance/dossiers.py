"""A thing with all its parts; against an address by hand that sends the same statements."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import cycle
from time import perf_counter
from typing import Any

from fastapi import FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware
from httpx2 import ASGITransport, AsyncClient

from infra.keys import Keys
from services import demo
from services.api.app import LEVEL, SMALL, build
from services.api.freshness import snapshot
from services.bootstrap import Platform
from services.first_run import OWNER
from tests.performance.pairs import Figure, in_turns
from tests.performance.records import follow
from tests.performance.stage import QUICK, Stage
from tests.statements import heard

TODAY, DAYS, FEW = date(2026, 6, 1), 120, 10
ASKED = 30
"""Dossiers that a round asks for."""
CUSTOMERS = "/customers?sort=-registered_at&limit=10"
DEALERS = f"{CUSTOMERS}&customer_kind=dealer"
DOSSIERS = {
    "customer_overview": (CUSTOMERS, "/customers/{id}/overview"),
    "dealer_file": (DEALERS, "/dealers/{id}/file"),
    "dealer_statements": (DEALERS, "/statements?dealer={id}"),
}
Statement = tuple[str, Any]
Read = Callable[[str], Any]


def rows(stage: Stage) -> Mapping[str, Figure]:
    platform = stage.platform()
    demo.load(platform, TODAY, days=FEW if stage.scale == QUICK else DAYS)
    follow(platform, platform.views)
    headers = {"Authorization": f"Bearer {Keys(platform.database).new(OWNER)}"}
    found = {}
    with asyncio.Runner() as runner:
        read = _reader(runner, build(platform), headers)
        for name, (listed, path) in DOSSIERS.items():
            paths = [path.format(id=one["id"]) for one in read(listed)["data"]]
            asked = [_heard(platform, read, one) for one in paths]
            by_hand = _reader(runner, _by_hand(platform, asked), headers)
            reference = _in_a_round([f"/{number}" for number in range(len(asked))], by_hand)
            ours = _in_a_round(paths, read)
            found[name] = in_turns(ours, reference, stage.scale.rounds, "reads/s")
    return found


def _reader(runner: asyncio.Runner, app: Any, headers: Mapping[str, str]) -> Read:
    there = ASGITransport(app=app)
    client = AsyncClient(transport=there, base_url="http://bench", headers=headers)

    def read(path: str) -> Any:
        answer = runner.run(client.get(path))
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


def _in_a_round(paths: Sequence[str], read: Read) -> Callable[[], float]:
    turn = cycle(paths)

    def once() -> float:
        start = perf_counter()
        for _ in range(ASKED):
            read(next(turn))
        return ASKED / (perf_counter() - start)

    return once


def _heard(platform: Platform, read: Read, path: str) -> list[Statement]:
    """What a read asks of the database, once all that is remembered between reads is at hand."""
    read(path)
    with heard(platform.database.engine) as sent:
        read(path)
    return [one for one in sent if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]


def _by_hand(platform: Platform, asked: Sequence[Sequence[Statement]]) -> FastAPI:
    """The same rows of one sight by the driver's own cursor, spelt as JSON; nobody is refused."""
    app = FastAPI()
    app.add_middleware(GZipMiddleware, minimum_size=SMALL, compresslevel=LEVEL)

    @app.get("/{number}")
    def read(number: int) -> Response:
        found = []
        with snapshot(platform.database) as connection:
            driver: Any = connection.connection
            with closing(driver.cursor()) as cursor:
                for statement, values in asked[number]:
                    cursor.execute(statement, values)
                    names = [column[0] for column in cursor.description]
                    found.append([dict(zip(names, row, strict=True)) for row in cursor])
        return Response(json.dumps(found, default=str), media_type="application/json")

    return app
