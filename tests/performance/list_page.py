"""A list as a page of the console asks for it, of many customers against that of few.

By hand: `python -m tests.performance.list_page --customers 1000000`. Rows are written straight into
the record, on SQLite.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from time import perf_counter

from httpx2 import ASGITransport, AsyncClient

from infra.keys import Keys
from infra.settings import Settings
from services.api.app import build
from services.bootstrap import Platform, platform
from tests.performance import shops

FEW, MANY = 1_000, 1_000_000
ROUNDS = 15
USUAL = {
    "fields": "id,name,customer_kind,owner,department,region,city,country,source,version",
    "limit": "50",
    "expand": "names",
    "count": "capped",
}
OF_ALL = {
    "fields": "id",
    "limit": "1",
    "facets": "customer_kind,importance,pool_cause,partner_type",
}
ASKED: Mapping[str, Mapping[str, str]] = {
    "as it is opened": USUAL,
    "the newest first": {**USUAL, "sort": "-registered_at"},
    "of a region": {**USUAL, "region": "region-2"},
    "of a region, the newest first": {**USUAL, "region": "region-2", "sort": "-registered_at"},
    "searched": {**USUAL, "q": "food"},
    "searched, the newest first": {**USUAL, "q": "food", "sort": "-registered_at"},
    "what all rows come to, beside it": OF_ALL,
}


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.list_page")
    parser.add_argument("--customers", type=int, default=MANY)
    many = parser.parse_args(words).customers
    print(f"| list | {FEW:,}, ms | {many:,}, ms | ratio |\n|---|--:|--:|--:|")
    with ExitStack() as ends, asyncio.Runner() as runner:
        few, more = (ends.enter_context(closing(_filled(ends, size))) for size in (FEW, many))
        asks = [_asking(runner.get_loop(), each) for each in (few, more)]
        for name, parameters in ASKED.items():
            one, other = _in_turns(asks, parameters)
            print(f"| {name} | {one:.1f} | {other:.1f} | {other / one:.2f} |", flush=True)


Ask = Callable[[Mapping[str, str]], float]


def _filled(ends: ExitStack, customers: int) -> Platform:
    folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
    made = platform(Settings(data=folder, database_url=None))
    made.prepare()
    shops.rows([made.database], customers)
    return made


def _asking(loop: asyncio.AbstractEventLoop, filled: Platform) -> Ask:
    headers = {"Authorization": f"Bearer {Keys(filled.database).new('reader')}"}
    there = ASGITransport(app=build(filled), client=("127.0.0.1", 1))
    client = AsyncClient(transport=there, base_url="http://list", headers=headers)

    def ask(parameters: Mapping[str, str]) -> float:
        start = perf_counter()
        answer = loop.run_until_complete(client.get("/customers", params=dict(parameters)))
        taken = (perf_counter() - start) * 1_000
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"], parameters
        return taken

    return ask


def _in_turns(asks: list[Ask], parameters: Mapping[str, str]) -> Iterator[float]:
    taken = [[ask(parameters) for ask in asks] for _ in range(ROUNDS + 1)][1:]
    yield from (median(each) for each in zip(*taken, strict=True))


if __name__ == "__main__":
    main(sys.argv[1:])
