"""A list as a page of the console asks for it, of many customers against that of few.

By hand: `python -m tests.performance.list_page --customers 1000000`, with `--postgres` on
PostgreSQL. Rows are written straight into the record. Both are asked in turns, and of each the
quickest answer counts: others who work on the machine make no answer quicker.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from httpx2 import ASGITransport, AsyncClient

from infra.keys import Keys
from infra.settings import Settings
from services.api.app import build
from services.bootstrap import Platform, platform
from tests.performance import shops
from tests.performance.stage import FULL, Stage

FEW, MANY = 1_000, 1_000_000
ROUNDS = 31
USUAL = {
    "fields": "id,name,customer_kind,owner,department,region,city,country,source,version",
    "limit": "50",
    "expand": "names",
}
OF_ALL = {
    "fields": "id",
    "limit": "1",
    "count": "capped",
    "facets": "customer_kind,importance,pool_cause,partner_type",
}
THEN = {"as_of": "then"}
"""Of a moment at which all but one thing of 500 were as they are."""
ASKED: Mapping[str, Mapping[str, str]] = {
    "as it is opened": USUAL,
    "the newest first": {**USUAL, "sort": "-registered_at"},
    "of a region": {**USUAL, "region": "region-2"},
    "of a region, the newest first": {**USUAL, "region": "region-2", "sort": "-registered_at"},
    "by name": {**USUAL, "sort": "name"},
    "searched": {**USUAL, "q": "food"},
    "searched by two characters": {**USUAL, "q": "茶叶"},
    "searched, the newest first": {**USUAL, "q": "food", "sort": "-registered_at"},
    "searched by two characters, the newest first": {
        **USUAL,
        "q": "茶叶",
        "sort": "-registered_at",
    },
    "searched, of a region, the newest first": {
        **USUAL,
        "q": "food",
        "region": "region-2",
        "sort": "-registered_at",
    },
    "as of a moment": {**USUAL, **THEN},
    "as of a moment, the newest first": {**USUAL, **THEN, "sort": "-registered_at"},
    "as of a moment, of a region": {**USUAL, **THEN, "region": "region-2"},
    "as of a moment, searched": {**USUAL, **THEN, "q": "food"},
    "what all rows come to, beside it": OF_ALL,
}


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.list_page")
    parser.add_argument("--customers", type=int, default=MANY)
    parser.add_argument("--postgres", action="store_true")
    told = parser.parse_args(words)
    many = told.customers
    print(f"| list | {FEW:,}, ms | {many:,}, ms | ratio |\n|---|--:|--:|--:|")
    stage = Stage(FULL)
    with stage.ends as ends, asyncio.Runner() as runner:
        asks = []
        for size in (FEW, many):
            made = stage.platform() if told.postgres else _on_sqlite(ends)
            shops.rows([made.database], size)
            asks.append(_asking(runner.get_loop(), made, size))
        for name, parameters in ASKED.items():
            one, other = _in_turns(asks, parameters)
            print(f"| {name} | {one:.1f} | {other:.1f} | {other / one:.2f} |", flush=True)


Ask = Callable[[Mapping[str, str]], float]


def _on_sqlite(ends: ExitStack) -> Platform:
    folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
    made = ends.enter_context(closing(platform(Settings(data=folder, database_url=None))))
    made.prepare()
    return made


def _asking(loop: asyncio.AbstractEventLoop, filled: Platform, customers: int) -> Ask:
    then = (shops.START + timedelta(seconds=customers * 0.998)).isoformat()
    headers = {"Authorization": f"Bearer {Keys(filled.database).new('reader')}"}
    there = ASGITransport(app=build(filled), client=("127.0.0.1", 1))
    client = AsyncClient(transport=there, base_url="http://list", headers=headers)

    def ask(parameters: Mapping[str, str]) -> float:
        if "as_of" in parameters:
            parameters = {**parameters, "as_of": then}
        start = perf_counter()
        answer = loop.run_until_complete(client.get("/customers", params=dict(parameters)))
        taken = (perf_counter() - start) * 1_000
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"], parameters
        return taken

    return ask


def _in_turns(asks: list[Ask], parameters: Mapping[str, str]) -> Iterator[float]:
    taken = [[ask(parameters) for ask in asks] for _ in range(ROUNDS + 1)][1:]
    yield from (min(each) for each in zip(*taken, strict=True))


if __name__ == "__main__":
    main(sys.argv[1:])
