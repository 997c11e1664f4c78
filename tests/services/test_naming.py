"""Whether anything names a thing is known exactly, whoever writes at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from commands import Command
from infra.requests import Outcome
from infra.settings import Settings
from projections.engine import generations, progress
from services import naming
from services.bootstrap import MENTIONS, Platform, platform, request
from services.workers.apply import Applier
from services.workers.follow import Follower

ROUNDS = 20
SHOP = {"name": "Shop", "customer_kind": "dealer", "owner": "R-1"}
DEAL = {"title": "Tea", "amount": 5, "currency": "CNY"}


@pytest.fixture
def two(prepared_url: str) -> Iterator[list[Platform]]:
    """Two processes that write to one log, each with states of its own at hand."""
    made = [platform(Settings(database_url=prepared_url)) for _ in range(2)]  # type: ignore[arg-type]
    yield made
    for one in made:
        one.close()


def ask(one: Platform, slug: str, **fields: Any) -> Outcome:
    return one.executor.execute(request(Command.known[slug](**fields), "test"))


def registered(one: Platform, *customers: str) -> None:
    ask(one, "hire-rep", id="R-1", name="Li", department="sales", region="east")
    for customer in customers:
        ask(one, "register-customer", id=customer, **SHOP)


def test_of_a_withdrawal_and_new_business_at_one_moment_one_is_refused(two: Any) -> None:
    registered(two[0], *(f"C-{n}" for n in range(ROUNDS)))
    with ThreadPoolExecutor(2) as threads:
        for n in range(ROUNDS):
            taken = threads.submit(ask, two[n % 2], "withdraw-customer", id=f"C-{n}", reason="x")
            what = {"id": f"D-{n}", "customer": f"C-{n}", **DEAL}
            begun = threads.submit(ask, two[1 - n % 2], "open-opportunity", **what)
            said = {taken.result().refusal, begun.result().refusal}
            assert said in ({None, "Unknown"}, {None, "BuiltUpon"}), said


def test_what_one_transaction_holds_counts_as_well(two: Any) -> None:
    registered(two[0], "C-1")
    asked = [
        Command.known["open-opportunity"](id="D-1", customer="C-1", **DEAL),
        Command.known["withdraw-customer"](id="C-1", reason="x"),
    ]
    answers = two[0].executor.commit([request(one, "test") for one in asked])
    assert [answer.refusal for answer in answers] == [None, "BuiltUpon"]


def test_it_says_how_far_the_index_is_behind(two: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(two[0], "C-1")
    monkeypatch.setattr(naming, "MOST_BEHIND", 1)
    refused = ask(two[0], "withdraw-customer", id="C-1", reason="x")
    assert refused.refusal == "IndexBehind"
    assert "2 events behind: at 0 of 2" in str(refused.message)
    follower = Follower(Applier(two[0].store, two[0].views, two[0].codec))
    follower.start()
    while follower.step():
        pass
    assert ask(two[0], "withdraw-customer", id="C-1", reason="x").refusal is None


def test_it_says_which_events_the_index_lacks(two: Any) -> None:
    registered(two[0], "C-1")
    with two[0].database.write() as connection:
        number = generations.generation(connection, MENTIONS.name)
        row = ("main", 1, "order-O-9", "OrderDrafted", "broken")
        progress.park(connection, MENTIONS.name, number, [row], 0)
    refused = ask(two[0], "withdraw-customer", id="C-1", reason="x")
    assert (refused.refusal, "order-O-9" in str(refused.message)) == ("IndexBehind", True)
