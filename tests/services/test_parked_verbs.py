"""The verbs about what is parked, as an operator types them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from feeding import feed

from aggregates import Event
from aggregates.inventory.stock import Stock
from infra.settings import Settings
from services import bootstrap
from services.processes.orders import backorders
from services.workers.drive import ProcessRunner

TEA = "stock-WH:tea"
Run = Callable[..., tuple[int, list[Any], str]]


@pytest.fixture
def parked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A stream of two events whose first, a reservation, a build without it could not read."""
    for command, body in (
        ("receive-stock", '{"location": "WH", "item": "tea", "quantity": 9, "reference": "r"}'),
        ("reserve-stock", '{"location": "WH", "item": "tea", "quantity": 2, "order": "O"}'),
        ("receive-stock", '{"location": "WH", "item": "tea", "quantity": 5, "reference": "s"}'),
    ):
        assert run("command", command, "--json", body)[0] == 0
    with monkeypatch.context() as older:
        older.delitem(Event.known, "StockReserved")
        feed(tmp_path)
    return run


def of_stock(rows: list[Any]) -> Any:
    (row,) = [row for row in rows if row["view"] == "dealer_stock"]
    return row


def test_what_is_parked_is_listed_and_shown(parked: Run) -> None:
    row = of_stock(parked("parked", "list")[1])
    assert (row["stream"], row["events"], row["position"]) == (TEA, 2, 2)
    code, rows, _ = parked("parked", "show", "dealer_stock", TEA)
    assert code == 0
    assert [(one["position"], one["data"]["quantity"]) for one in rows] == [(2, 2), (3, 5)]
    code, _, told = parked("parked", "show", "dealer_stock", "stock-no")
    assert (code, f"Parked are {TEA} in blocked_stock" in told) == (1, True)
    assert parked("parked", "show", "nonsense", TEA)[0] == 2


def test_a_retry_says_what_was_let_in_and_ends_by_what_is_left(
    parked: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.delitem(Event.known, "StockReserved")
        code, (row,), told = parked("parked", "retry", "dealer_stock", TEA)
    assert (code, row["applied"], row["left"]) == (1, 0, 2)
    assert "2 events still wait" in told
    code, (row,), _ = parked("parked", "retry", "dealer_stock")
    assert (code, row["applied"], row["left"]) == (0, 2, 0)
    assert parked("parked", "retry", "dealer_stock")[:2] == (0, [])


def test_a_retry_of_what_is_not_parked_names_what_is(parked: Run) -> None:
    for words, said in (
        (("funnel",), "Nothing is parked in funnel."),
        (("dealer_stock", "stock-WH:tee"), "Nothing of stock-WH:tee is parked in dealer_stock."),
        (("backorders", TEA), f"Nothing of {TEA} is parked in backorders."),
    ):
        code, rows, told = parked("parked", "retry", *words)
        assert (code, rows) == (0, [])
        assert f"{said} Parked are {TEA} in blocked_stock" in told
    for view in (*bootstrap.VIEWS, *bootstrap.RECORDS, bootstrap.MENTIONS):
        if Stock.kind in view.kinds:
            parked("parked", "retry", view.name)
    told = parked("parked", "retry", "dealer_stock", TEA)[2]
    assert "nor anywhere else." in told


def test_a_skip_needs_a_reason_and_is_kept_with_it(parked: Run) -> None:
    assert parked("parked", "skip", "dealer_stock", TEA)[0] == 2
    assert parked("parked", "skip", "dealer_stock", TEA, "--reason", " ")[0] == 2
    reason = ("--reason", "typed by mistake")
    code, (row,), _ = parked("parked", "skip", "dealer_stock", TEA, *reason)
    assert (code, row["skipped"], row["applied"]) == (0, 1, 1)
    assert parked("parked", "skip", "dealer_stock", TEA, *reason)[0] == 1
    (event,) = parked("events", "--type", "StreamSkipped", "--json")[1]
    assert (event["actor"], event["data"]["reason"]) == ("cli", "typed by mistake")


def test_all_that_waits_can_be_skipped(parked: Run) -> None:
    code, (row,), _ = parked(
        "parked", "skip", "dealer_stock", TEA, "--reason", "a test", "--all", "--json"
    )
    assert (code, row["skipped"], row["left"]) == (0, 2, 0)


def test_what_was_skipped_is_listed_and_restored(parked: Run) -> None:
    reason = ("--reason", "typed by mistake")
    assert parked("parked", "restore", "dealer_stock", TEA, *reason)[0] == 1
    parked("parked", "skip", "dealer_stock", TEA, *reason)
    (row,) = parked("parked", "skipped")[1]
    assert (row["stream"], row["position"], row["actor"]) == (TEA, 2, "cli")
    assert parked("parked", "restore", "dealer_stock", TEA, "--reason", " ")[0] == 2
    code, (row,), _ = parked("parked", "restore", "dealer_stock", TEA, *reason)
    assert (code, row["applied"], row["left"]) == (0, 1, 0)
    assert parked("parked", "skipped")[1] == []
    (event,) = parked("events", "--type", "StreamRestored", "--json")[1]
    assert (event["actor"], event["data"]["positions"]) == ("cli", [2])


def test_the_command_skips_nothing_that_is_not_parked(parked: Run) -> None:
    body = '{"id": "dealer_stock", "parked": "stock-WH:tea", "positions": [1], "reason": "no"}'
    code, _, told = parked("command", "skip-parked", "--json", body)
    assert (code, "parked list" in told) == (1, True)
    assert parked("events", "--type", "StreamSkipped", "--json")[1] == []


def test_what_a_process_could_not_react_to_is_seen_retried_and_skipped(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> Any:
        raise ZeroDivisionError("a rule with a fault")

    for item in ("tea", "cup"):
        body = f'{{"location": "WH", "item": "{item}", "quantity": 9, "reference": "{item}"}}'
        assert run("command", "receive-stock", "--json", body)[0] == 0
    with monkeypatch.context() as patch:
        patch.setattr(backorders.process, "react", breaks)
        platform = bootstrap.platform(Settings(data=tmp_path))
        ProcessRunner(platform.store, platform.executor, platform.codec, bootstrap.PROCESSES).step()
        platform.close()
        code, (row, _), told = run("parked", "retry", "backorders")
        assert (code, row["left"], row["view"]) == (1, 1, "backorders")
        assert "2 events still wait" in told
    rows = [row for row in run("parked", "list")[1] if "process" in row]
    assert [(row["process"], row["stream"]) for row in rows] == [
        ("backorders", TEA),
        ("backorders", "stock-WH:cup"),
    ]
    assert run("status")[1][0]["processes"]["backorders"]["parked_events"] == 2
    ((shown,)) = run("parked", "show", "backorders", TEA)[1]
    assert (shown["position"], shown["data"]["reference"]) == (1, "tea")
    code, (row,), _ = run("parked", "skip", "backorders", TEA, "--reason", "typed by mistake")
    assert (code, row["skipped"], row["left"]) == (0, 1, 0)
    (row,) = run("parked", "skipped")[1]
    assert (row["view"], row["position"]) == ("backorders", 1)
    code, (row,), _ = run("parked", "retry", "backorders")
    assert (code, row["stream"], row["applied"]) == (0, "stock-WH:cup", 1)
