"""A thing with all its parts, read through the application; against the same statements bare."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from itertools import cycle
from time import perf_counter
from typing import Any

from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import event

from infra.keys import Keys
from services import demo
from services.api.app import build
from services.bootstrap import Platform
from services.first_run import OWNER
from tests.performance.pairs import Figure, in_turns
from tests.performance.records import follow
from tests.performance.stage import QUICK, Stage

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


def rows(stage: Stage) -> Mapping[str, Figure]:
    platform = stage.platform()
    demo.load(platform, TODAY, days=FEW if stage.scale == QUICK else DAYS)
    follow(platform, platform.views)
    headers = {"Authorization": f"Bearer {Keys(platform.database).new(OWNER)}"}
    there = ASGITransport(app=build(platform))
    with asyncio.Runner() as runner:
        client = AsyncClient(transport=there, base_url="http://bench", headers=headers)
        loop = runner.get_loop()

        def read(path: str) -> Any:
            answer = loop.run_until_complete(client.get(path))
            assert answer.status_code == 200, answer.text
            return answer.json()

        found = {}
        for name, (listed, path) in DOSSIERS.items():
            paths = [path.format(id=one["id"]) for one in read(listed)["data"]]
            asked = [_heard(platform, read, one) for one in paths]
            ours = _in_a_round(paths, read)
            found[name] = in_turns(ours, _bare(platform, asked), stage.scale.rounds, "reads/s")
        loop.run_until_complete(client.aclose())
    return found


def _in_a_round(paths: list[str], read: Callable[[str], Any]) -> Callable[[], float]:
    turn = cycle(paths)

    def once() -> float:
        start = perf_counter()
        for _ in range(ASKED):
            read(next(turn))
        return ASKED / (perf_counter() - start)

    return once


@contextmanager
def _listening(platform: Platform) -> Iterator[list[Statement]]:
    heard: list[Statement] = []

    def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        heard.append((statement, values))

    engine = platform.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


def _heard(platform: Platform, read: Callable[[str], Any], path: str) -> list[Statement]:
    """What a read asks of the database, once all that is remembered between reads is at hand."""
    read(path)
    with _listening(platform) as heard:
        read(path)
    return [one for one in heard if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]


def _bare(platform: Platform, asked: list[list[Statement]]) -> Callable[[], float]:
    """The same rows by the driver's own cursor, spelt as JSON."""
    turn = cycle(asked)

    def once() -> float:
        with platform.database.read() as connection:
            driver: Any = connection.connection
            with closing(driver.cursor()) as cursor:
                start = perf_counter()
                for _ in range(ASKED):
                    found = []
                    for statement, values in next(turn):
                        cursor.execute(statement, values)
                        names = [column[0] for column in cursor.description]
                        found.append([dict(zip(names, row, strict=True)) for row in cursor])
                    json.dumps(found, default=str)
                return ASKED / (perf_counter() - start)

    return once
