"""What a scope costs whoever reads within it: a ranking of one department, against that of all."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from time import perf_counter

from httpx2 import ASGITransport, AsyncClient
from msgspec import structs

from commands import Command
from commands.organisation.account import GrantRole, OpenAccount
from infra.keys import Keys
from projections.targets import rankings
from services.api.app import build
from services.bootstrap import Platform, request
from tests.performance import size_fill, size_trade
from tests.performance.pairs import Figure, in_turns
from tests.performance.size_trade import Happening
from tests.performance.stage import QUICK, Stage

EVENTS = 1_000_000
DEPARTMENTS, REPS = 20, 100
ASKED = 60
"""Rankings that a round asks for."""
BOARDS = ("customers", "products", "dealers")
DEPARTMENT = "sales-03"


def scoped_ranking(stage: Stage) -> Figure:
    """The first page of a board, through the application."""
    platform = stage.platform()
    events = size_trade.rounded(stage.scale.events if stage.scale == QUICK else EVENTS)
    pool = list(_in_departments(platform, size_trade.happenings(platform)))
    size_fill.write(platform, pool, events, [rankings.view])
    _open_accounts(platform)
    with asyncio.Runner() as runner:
        loop, app = runner.get_loop(), build(platform)

        def asking(actor: str) -> Callable[[], float]:
            headers = {"Authorization": f"Bearer {Keys(platform.database).new(actor)}"}
            there = ASGITransport(app=app)
            client = AsyncClient(transport=there, base_url="http://bench", headers=headers)
            stage.ends.callback(lambda: asyncio.run(client.aclose()))
            return lambda: loop.run_until_complete(_asked(client))

        return in_turns(asking("manager"), asking("boss"), stage.scale.rounds, "rankings/s")


async def _asked(client: AsyncClient) -> float:
    boards, start = cycle(BOARDS), perf_counter()
    for _ in range(ASKED):
        answer = await client.get(f"/rankings/{next(boards)}", params={"limit": 50})
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]
    return ASKED / (perf_counter() - start)


def _in_departments(platform: Platform, pool: Sequence[Happening]) -> Iterator[Happening]:
    """The same trade with a hundred reps in twenty departments: each customer has one of them."""
    codec = platform.codec
    for one in pool:
        entry = one.entry
        event = codec.decode(entry.type, entry.schema, entry.data)
        if entry.type == "OrderShipped":
            rep = int(event.customer.removeprefix("C-")) % REPS
            whose = {"rep": f"rep-{rep:03}", "department": f"sales-{rep % DEPARTMENTS:02}"}
            data = codec.encode(replace(event, **whose, region=f"region-{rep % 5}"))
            entry = structs.replace(entry, data=data)
        yield one._replace(entry=entry, hex=entry.data.hex())


def _open_accounts(platform: Platform) -> None:
    """The first may see everything, a manager one department."""
    register = Command.known["register-department"]
    asked: list[Command] = [
        *(register(id=f"sales-{n:02}", name=f"Sales {n}") for n in range(DEPARTMENTS)),
        OpenAccount(id="boss"),
        OpenAccount(id="manager"),
        GrantRole(id="manager", role="sales-manager", departments=[DEPARTMENT]),
    ]
    for command in asked:
        assert platform.executor.execute(request(command, "boss")).refusal is None
