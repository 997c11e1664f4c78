"""The demo company is whole, believable and the same for one seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregates.approvals.approval import Approval
from aggregates.channel.stock_report import StockReport
from aggregates.inventory.recount import Recount
from aggregates.inventory.stock import Stock
from aggregates.opportunities.opportunity import Opportunity
from aggregates.orders.claim import Claim
from aggregates.orders.order import SalesOrder
from aggregates.pricing.contract import Contract
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.receipt import Receipt
from commands import registers
from commands.fieldwork.appointment import PlanAppointment
from commands.fieldwork.task import CreateTask
from infra.settings import Settings
from services import demo
from services.bootstrap import Platform, platform
from services.imports.rows import Report

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Platform, Report]]:
    """As whoever tries it has it: what is named has to be there."""
    one = platform(Settings(data=tmp_path_factory.mktemp("demo"), references="checked"))
    one.prepare()
    try:
        yield one, demo.load(one, TODAY)
    finally:
        registers.use(checked=False)
        one.close()


@pytest.fixture(scope="module")
def states(loaded: tuple[Platform, Report]) -> dict[str, Any]:
    """Every stock, order and opportunity as the log leaves it."""
    told = Stock, SalesOrder, Opportunity, Invoice, Receipt, Recount, StockReport
    told = *told, Contract, Claim
    kinds: dict[str, Any] = {each.kind: each for each in told}
    found: dict[str, Any] = {}
    with loaded[0].database.read() as connection:
        for recorded in loaded[0].store.read(connection, 0, 1_000_000):
            if kind := kinds.get(recorded.kind):
                state = found.get(recorded.stream) or kind()
                found[recorded.stream] = state.fold(loaded[0].log.event(recorded))
    return found


def test_the_story_is_the_same_for_one_seed_and_another_for_another() -> None:
    first, again = (list(demo.history(TODAY, days=40)) for _ in range(2))
    assert first == again
    assert first != list(demo.history(TODAY, seed=7, days=40))


def test_it_happens_in_order_and_before_today() -> None:
    times = [command.occurred_at for _, command in demo.history(TODAY)]
    assert times == sorted(times)
    assert (
        datetime(2026, 2, 1, tzinfo=UTC) <= times[0] < times[-1] < datetime(2026, 6, 1, tzinfo=UTC)
    )


def test_only_what_a_story_needs_is_refused(loaded: tuple[Platform, Report]) -> None:
    report = loaded[1]
    assert 8_000 <= report.rows <= 13_000
    rules = Counter(row.rule for row in report.refused)
    assert set(rules) == {"RedemptionRefused", "OrderApprovalRefused", "FrozenCustomer"}
    assert rules["FrozenCustomer"] == 1


def test_there_is_something_of_everything(states: dict[str, Any]) -> None:
    orders = Counter(s.status for s in states.values() if isinstance(s, SalesOrder))
    wanted = {"draft", "submitted", "approved", "partly_shipped", "shipped", "cancelled"}
    assert wanted | {"rejected"} <= set(orders)
    assert any(s.returns for s in states.values() if isinstance(s, SalesOrder))
    assert any(s.transit for s in states.values() if isinstance(s, Stock))
    assert states["order-SO-COLD"].shipped == (41 * 24,)
    short = states["order-SO-TEA-2-rest"]
    assert (short.status, short.lines[0].quantity) == ("submitted", 12)
    assert [s.status for s in states.values() if isinstance(s, Recount)] == ["asked"]
    blocked = sorted(s.blocked for s in states.values() if isinstance(s, Stock) and s.blocked)
    assert blocked == [12, 48]
    contracts = Counter(s.status for s in states.values() if isinstance(s, Contract))
    assert contracts == {"signed": 1, "submitted": 1, "terminated": 1}
    assert states["contract-HT-LANXIN"].left == {1: 20 * 24, 2: 20 * 15}
    claims = [s for s in states.values() if isinstance(s, Claim)]
    assert [one.open for one in claims] == [False, False, False, True]
    assert [s.open for s in states.values() if isinstance(s, StockReport)] == [True]


def test_some_pay_all_some_a_part_and_some_not_yet(states: dict[str, Any]) -> None:
    invoices = [s for s in states.values() if isinstance(s, Invoice)]
    shares = Counter((one.open > 0) + (one.open == one.known().amount) for one in invoices)
    assert min(shares[share] for share in (0, 1, 2)) > 5
    receipts = [s for s in states.values() if isinstance(s, Receipt)]
    assert 0.9 < sum(one.left == 0 for one in receipts) / len(receipts) <= 1


def test_nobody_holds_less_than_nothing(states: dict[str, Any]) -> None:
    stocks = {name: s for name, s in states.items() if isinstance(s, Stock)}
    assert {name for name, s in stocks.items() if s.on_hand < 0 or s.available < 0} == set()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_tell_whole_stories_too(tmp_path: Path, seed: int) -> None:
    one = platform(Settings(data=tmp_path))
    one.prepare()
    report = demo.load(one, TODAY, seed=seed, days=60)
    one.close()
    rules = {row.rule for row in report.refused}
    assert rules <= {"RedemptionRefused", "OrderApprovalRefused", "FrozenCustomer"}


def test_loading_it_twice_changes_nothing(loaded: tuple[Platform, Report]) -> None:
    again = demo.load(loaded[0], TODAY)
    assert (again.accepted, again.events, again.position) == (0, 0, loaded[1].position)


def test_another_day_needs_an_empty_log(loaded: tuple[Platform, Report]) -> None:
    with pytest.raises(SystemExit, match="begin anew with an empty database"):
        demo.load(loaded[0], date(2026, 6, 2))


@pytest.mark.parametrize("days", [1, 2, 4])
def test_a_company_may_be_as_young_as_a_day(tmp_path: Path, days: int) -> None:
    one = platform(Settings(data=tmp_path))
    one.prepare()
    report = demo.load(one, TODAY, days=days)
    one.close()
    assert report.accepted > 200


def test_everybody_who_sells_has_tasks_and_a_visit_to_come() -> None:
    """Nothing of it is due when the platform is first looked at."""
    asked = [command for _, command in demo.history(TODAY)]
    tasks = [one for one in asked if isinstance(one, CreateTask)]
    visits = [one for one in asked if isinstance(one, PlanAppointment)]
    assert len(tasks) >= 8
    assert {one.owner for one in visits} == {one.owner for one in tasks}
    tomorrow = datetime(2026, 6, 2, tzinfo=UTC)
    assert all(one.due > tomorrow for one in tasks)
    assert all(one.starts_at > tomorrow for one in visits)


def test_a_large_order_waits_for_the_head_of_sales_and_then_for_finance(
    loaded: tuple[Platform, Report],
) -> None:
    approval: Approval = loaded[0].states.ask(lambda load: load(Approval, "order:SO-LARGE:1"))
    assert approval.waiting == {1: ("role:sales-manager",)}
    assert approval.known().maker == "c-ding"
