"""Whoever leaves the id out gets the next number of a series, which has no gap and no double."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pace import limit
from pydantic import SecretStr

from commands.customers.customer import RegisterCustomer
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings
from infra.settings import Settings
from services.bootstrap import Platform, platform, request

WORKERS, EACH, KILLS = 3, 12, 4
SHOP = {"customer": "C", "title": "Tea", "amount": 5, "currency": "CNY"}
CLERK = """
import sys
from commands.customers.customer import RegisterCustomer
from infra.settings import Settings
from services.bootstrap import platform, request
made = platform(Settings(database_url=sys.argv[1]))
for number in range(100_000):
    one = RegisterCustomer(name="Shop", customer_kind="retailer", owner="li")
    made.executor.execute(request(one, "clerk", f"{sys.argv[2]}-{number}"))
    print(number, flush=True)
"""


def company(api: Any) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("register-customer", id="C", name="Shop", customer_kind="dealer", owner="li")
    api.done("add-product", id="tea", name="Tea", category="x", unit="box", **PRICE)


PRICE = {"list_price": 9, "cost": 7, "currency": "CNY"}
ORDER: dict[str, Any] = {
    "customer": "C",
    "warehouse": "W",
    "lines": [{"item": "tea", "quantity": 1}],
    "occurred_at": "2026-11-05",
}


def drafted(api: Any, **more: Any) -> str:
    found: str = api.done("draft-order", **(ORDER | more))["id"]
    return found


def set_numbers(api: Any, context: str, **values: Any) -> None:
    api.done("change-settings", id=f"{context}.numbers", values=values, reason="x")


def test_an_order_without_an_id_gets_the_next_number_and_the_answer_names_it(both: Any) -> None:
    company(both)
    answer = both.ask("draft-order", **ORDER)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/streams/order-SO-202611-00001"
    found = answer.json()
    assert (found["id"], found["stream"]) == ("SO-202611-00001", "order-SO-202611-00001")
    assert [one["type"] for one in found["events"]] == ["NumberDrawn", "OrderDrafted"]
    assert drafted(both) == "SO-202611-00002"
    assert both.done("open-opportunity", **SHOP)["id"].startswith("OP-")


def test_each_month_has_a_series_of_its_own_by_the_date_of_the_document(both: Any) -> None:
    company(both)
    dated = [drafted(both, occurred_at=day) for day in ("2026-10-31", "2026-11-01", "2026-10-30")]
    assert dated == ["SO-202610-00001", "SO-202611-00001", "SO-202610-00002"]


def test_asked_again_under_its_key_it_has_the_number_that_it_got(both: Any) -> None:
    company(both)
    first, again = (both.ask("draft-order", key="k", **ORDER).json() for _ in range(2))
    assert (first["id"], again["id"], again["repeated"]) == ("SO-202611-00001",) * 2 + (True,)
    assert drafted(both) == "SO-202611-00002"


def test_what_is_refused_uses_up_no_number(both: Any) -> None:
    company(both)
    refused = both.ask("draft-order", **(ORDER | {"customer": "nobody"}))
    assert refused.status_code == 404
    assert drafted(both) == "SO-202611-00001"


def test_a_number_that_somebody_chose_is_passed_over(both: Any) -> None:
    company(both)
    assert drafted(both, id="SO-202611-00001") == "SO-202611-00001"
    assert drafted(both) == "SO-202611-00002"
    assert both.ask("draft-order", **(ORDER | {"id": "SO-202611-00002"})).json()["repeated"]
    assert both.ask("draft-order", **(ORDER | {"id": "SO-202611-00002", "warehouse": "V"})).is_error


def test_series_are_apart_as_the_settings_say(both: Any) -> None:
    company(both)
    set_numbers(both, "orders", apart="warehouse", prefix="A", company="CN01", period="year")
    assert drafted(both) == "A-CN01-2026-W-00001"
    assert drafted(both, warehouse="V") == "A-CN01-2026-V-00001"
    set_numbers(both, "orders", apart="department", company=None, digits=3)
    assert drafted(both) == "A-2026-east-001"


def test_customers_and_members_are_numbered_once_the_company_says_so(both: Any) -> None:
    company(both)
    shop = {"name": "Inn", "customer_kind": "retailer", "owner": "li"}
    refused = both.ask("register-customer", **shop)
    assert (refused.status_code, refused.json()["refusal"]) == (409, "IdMissing")
    set_numbers(both, "customers", automatic=True)
    assert both.done("register-customer", **shop)["id"] == "C-00001"
    set_numbers(both, "loyalty", automatic=True, digits=4)
    assert both.done("enrol-member", name="Sun")["id"] == "M-0001"


def test_what_cannot_begin_a_number_is_refused(both: Any) -> None:
    body = {"id": "orders.numbers", "values": {"prefix": "销售"}, "reason": "x"}
    assert both.ask("change-settings", **body).json()["refusal"] == "BadNumber"


def test_an_id_that_is_given_is_an_id(both: Any) -> None:
    answer = both.ask("draft-order", **(ORDER | {"id": ""}))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/id")


def test_rows_of_a_batch_are_numbered_in_order_and_once(both: Any) -> None:
    company(both)
    rows = [{"command": "draft-order", "body": ORDER}] * 3
    for repeated in (False, True):
        answer = both.client.post("/commands", json=rows, headers={"Idempotency-Key": "b"})
        found = [(one["id"], one["repeated"]) for one in answer.json()["outcomes"]]
        assert found == [(f"SO-202611-0000{n}", repeated) for n in (1, 2, 3)]


@pytest.fixture
def numbered(database_url: str) -> Iterator[Platform]:
    """A company that numbers its customers."""
    made = platform(Settings(database_url=SecretStr(database_url)))
    made.prepare()
    values = {"automatic": True}
    for one in (
        HireRep(id="li", name="Li", department="east", region="east"),
        ChangeSettings(id="customers.numbers", values=values, reason="x"),
    ):
        made.executor.execute(request(one, "test"))
    yield made
    made.close()


def ids(made: Platform) -> tuple[list[str], list[str]]:
    """The customers in the order of the log, and what the series says."""
    with made.database.read() as connection:
        events = made.store.read(connection, 0, 100_000)
    born = [one.key for one in events if one.type == "CustomerRegistered"]
    drawn = [made.log.event(one).begun for one in events if one.type == "NumberDrawn"]
    return born, drawn


def test_parallel_callers_share_a_series_without_gap_or_double(
    numbered: Platform, database_url: str
) -> None:
    """Each as a process of its own would: with a log, a cache and a head of its own."""

    def work(worker: int) -> None:
        mine = platform(Settings(database_url=SecretStr(database_url)))
        for number in range(EACH):
            one = RegisterCustomer(name="Shop", customer_kind="retailer", owner="li")
            mine.executor.execute(request(one, "test", f"{worker}-{number}"))
        mine.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(WORKERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(limit(60))
    born, drawn = ids(numbered)
    assert born == drawn == [f"C-{n:05}" for n in range(1, WORKERS * EACH + 1)]


def test_a_series_has_no_gap_whoever_is_killed(numbered: Platform, database_url: str) -> None:
    answered = 0
    for turn in range(KILLS):
        clerk = subprocess.Popen(
            [sys.executable, "-c", CLERK, database_url, str(turn)], stdout=subprocess.PIPE
        )
        assert clerk.stdout is not None
        for _ in range(5):
            answered += bool(clerk.stdout.readline())
        time.sleep(0.01 * turn)
        os.kill(clerk.pid, signal.SIGKILL)
        clerk.communicate(timeout=limit(20))
    born, drawn = ids(numbered)
    assert len(born) >= answered == KILLS * 5
    assert born == drawn == [f"C-{n:05}" for n in range(1, len(born) + 1)]
