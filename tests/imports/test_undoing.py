"""An import is taken back whole where nothing was built on it, and else says what was."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from imports.filing import Seen, csv_of

from aggregates import Event
from aggregates.channel.goods_flow import GoodsFlowReported
from aggregates.channel.stock_report import StockReportRejected as Rejected
from aggregates.customers.customer import Customer
from aggregates.fieldwork.task.events import TaskCancelled
from aggregates.inventory.stock import Stock
from aggregates.loyalty.member import Member
from aggregates.loyalty.member.deposit import DepositReversed as Reversed
from aggregates.pricing.contract.events import ContractCancelled
from aggregates.pricing.quotation.events import QuotationCancelled
from commands import Command
from services.bootstrap import Platform, request
from services.imports import files
from services.imports.counters import COUNTERS
from services.imports.files import ImportResult
from services.imports.sources import Faulty, Source, Spec
from services.imports.undoing import undo
from services.imports.working import run_kept

RECEIVE = Spec("receive-stock", constants={"location": "WH"})
HEAD = ["item", "quantity", "reference"]


@pytest.fixture
def platform(found, tmp_path: Path) -> Platform:
    return found(tmp_path)


def imported(platform: Platform, spec: Spec, *rows: list[str]) -> ImportResult:
    one = files.opened(Source(f"{spec.command}.csv", csv_of(*rows)), spec)
    result = run_kept(platform, one, "cli", Seen())
    assert result.whole, result
    return result


def ask(platform: Platform, slug: str, **fields: object) -> None:
    outcome = platform.executor.execute(request(Command.known[slug](**fields), "test"))
    assert outcome.refusal is None, outcome


def state(platform: Platform, kind: Any, id: str) -> Any:
    with platform.database.read() as connection:
        events = platform.store.history(connection, kind.stream(id))
    return kind.after(map(platform.log.event, events))


def on_hand(platform: Platform, item: str) -> int:
    return int(state(platform, Stock, Stock.id_of("WH", item)).on_hand)


def test_receipts_are_taken_back_and_undoing_twice_changes_nothing(
    platform: Platform, facts
) -> None:
    done = imported(platform, RECEIVE, HEAD, ["P1", "10", "DN-1"], ["P2", "5", "DN-1"])
    found = undo(platform, done.id, "cli")
    assert (found.rows, found.undone, found.kept) == (2, 2, [])
    assert (on_hand(platform, "P1"), on_hand(platform, "P2")) == (0, 0)
    before = facts(platform)
    undo(platform, done.id, "cli")
    assert facts(platform) == before


def test_nothing_is_taken_back_where_a_rule_says_no_to_part_of_it(
    platform: Platform, facts
) -> None:
    done = imported(platform, RECEIVE, HEAD, ["P1", "10", "DN-1"], ["P2", "5", "DN-1"])
    gone = {"location": "WH", "item": "P1", "quantity": 9, "reference": "S-1"}
    ask(platform, "issue-stock", reason="sample", **gone)
    before = facts(platform)
    found = undo(platform, done.id, "cli")
    assert (found.undone, [each.stream for each in found.kept]) == (0, ["stock-WH:P1"])
    assert facts(platform) == before
    partly = undo(platform, done.id, "cli", partial=True)
    assert (partly.undone, len(partly.kept)) == (1, 1)
    assert (on_hand(platform, "P1"), on_hand(platform, "P2")) == (1, 0)


def test_what_came_after_is_named(platform: Platform) -> None:
    place = {"department": "d", "region": "e"}
    ask(platform, "hire-rep", id="r1", name="Li", **place)
    ask(platform, "register-customer", id="C1", name="A", customer_kind="dealer", owner="r1")
    done = imported(platform, Spec("freeze-customer"), ["id", "reason"], ["C1", "late"])
    assert state(platform, Customer, "C1").frozen
    ask(platform, "change-customer-details", id="C1", city="Shanghai")
    found = undo(platform, done.id, "cli")
    assert "CustomerDetailsChanged came after it" in found.kept[0].words[0]
    assert undo(platform, done.id, "cli", partial=True).undone == 0
    assert state(platform, Customer, "C1").frozen


def test_points_go_back_with_their_purchases(platform: Platform) -> None:
    ask(platform, "enrol-member", id="M1")
    earn = Spec("earn-points", constants={"currency": "CNY"})
    done = imported(platform, earn, ["id", "purchase", "amount"], ["M1", "B-1", "5000"])
    assert undo(platform, done.id, "cli").undone == 1
    assert state(platform, Member, "M1").balance(datetime.now(UTC)) == 0


def test_registrations_are_withdrawn_where_nothing_was_built_on_them(platform: Platform) -> None:
    place = {"department": "d", "region": "e"}
    reps = imported(platform, Spec("hire-rep", constants=place), ["id", "name"], ["r1", "Li"])
    dealers = Spec("register-customer", constants={"customer_kind": "dealer", "owner": "r1"})
    head, rows = ["id", "name"], (["C1", "A"], ["C2", "B"])
    customers = imported(platform, dealers, head, *rows)
    category = imported(platform, Spec("register-category"), head, ["tea", "Tea"])
    assert "customer-C" in undo(platform, reps.id, "cli").kept[0].words[0]
    deal = {"customer": "C1", "title": "Tea", "amount": 5, "currency": "CNY"}
    ask(platform, "open-opportunity", id="D1", **deal)
    found = undo(platform, customers.id, "cli")
    assert [each.stream for each in found.kept] == ["customer-C1"]
    assert "opportunity-D1" in found.kept[0].words[0]
    assert undo(platform, customers.id, "cli", partial=True).undone == 1
    assert state(platform, Customer, "C2").gone
    assert undo(platform, category.id, "cli").undone == 1


LINE = ["lines.item", "lines.quantity"]
PLACE = {"customer": "C1", "warehouse": "WH", "valid_until": "2999-01-01"}
COME_TO_NOTHING: list[tuple[str, dict[str, str], list[str], list[str], type[Event]]] = [
    ("draft-contract", PLACE, ["id", *LINE], ["K1", "P1", "2"], ContractCancelled),
    ("draft-quotation", PLACE, ["id", *LINE], ["Q1", "P1", "2"], QuotationCancelled),
    ("report-dealer-stock", {"dealer": "D1"}, ["report", *LINE], ["R", "P1", "2"], Rejected),
    ("report-goods-flow", {"dealer": "D1"}, ["report", "lines.outlet", *LINE],
     ["R", "O1", "P1", "2"], GoodsFlowReported),
    ("top-up-deposit", {"currency": "CNY"}, ["id", "top_up", "amount"], ["M1", "T", "5"], Reversed),
    ("create-task", {"owner": "r1", "due": "2999-01-01"}, ["id", "title"], ["T1", "Call"],
     TaskCancelled),
]  # fmt: skip
"""What is imported, and what tells that it came to nothing."""


def test_what_was_drafted_reported_or_paid_in_comes_to_nothing(platform: Platform) -> None:
    place = {"department": "d", "region": "e"}
    ask(platform, "hire-rep", id="r1", name="Li", **place)
    for name, kind in (("C1", "retailer"), ("D1", "dealer")):
        ask(platform, "register-customer", id=name, name=name, customer_kind=kind, owner="r1")
    tea = {"name": "Tea", "category": "x", "unit": "box", "list_price": 9, "currency": "CNY"}
    ask(platform, "add-product", id="P1", **tea)
    ask(platform, "register-outlet", id="O1", name="Corner", dealer="D1")
    ask(platform, "enrol-member", id="M1")
    for slug, constants, head, row, told in COME_TO_NOTHING:
        done = imported(platform, Spec(slug, constants=constants), head, row)
        found = undo(platform, done.id, "cli")
        assert (found.undone, found.kept) == (1, []), slug
        with platform.database.read() as connection:
            events = platform.store.read(connection, 0, 99)
        assert events[-1].type == told.__name__, slug


def test_what_nothing_takes_back_is_said(platform: Platform) -> None:
    ask(platform, "hire-rep", id="r1", name="Li", region="east", department="sales")
    spec = Spec("move-rep", constants={"region": "west", "department": "sales"})
    done = imported(platform, spec, ["id"], ["r1"])
    with pytest.raises(Faulty, match="Nothing takes move-rep back"):
        undo(platform, done.id, "cli")
    with pytest.raises(Faulty, match="There is no import abc"):
        undo(platform, "abc", "cli")


def test_every_counter_is_of_a_command_that_there_is() -> None:
    assert COUNTERS.keys() <= Command.known.keys()
