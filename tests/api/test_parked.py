"""What is parked can be seen, let in and skipped over HTTP, by whoever has a key."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from services.bootstrap import PROCESSES
from services.processes.orders import backorders
from services.workers.drive import ProcessRunner

PLACE = "/parked/dealer_stock/stock-WH:tea"
TYPO = {"reason": "typed by mistake"}


@contextmanager
def older_build(api: Any) -> Iterator[None]:
    """For as long as the block lasts, nobody knows what a reservation is."""
    codec = api.platform.codec
    known = codec.known
    codec.known = {name: kind for name, kind in known.items() if name != "StockReserved"}
    codec._decoders.clear()
    yield
    codec.known = known


def stopped_at_a_reservation(api: Any) -> Any:
    """Of the stream's four events the second, a reservation, has stopped it."""
    stock = {"location": "WH", "item": "tea"}
    api.done("receive-stock", **stock, quantity=9, reference="r1")
    api.done("reserve-stock", **stock, quantity=2, order="O1")
    api.done("receive-stock", **stock, quantity=5, reference="r2")
    api.done("receive-stock", location="WH", item="cup", quantity=1, reference="r3")
    with older_build(api):
        api.feed()
    return api


@pytest.fixture
def parked(both: Any) -> Any:
    return stopped_at_a_reservation(both)


@pytest.fixture(scope="module")
def left_alone(shared: Any) -> Any:
    return stopped_at_a_reservation(shared)


def stock(api: Any) -> dict[str, tuple[int, int]]:
    return {row["item"]: (row["on_hand"], row["reserved"]) for row in api.get("/stock")["data"]}


def test_parked_streams_are_listed_with_what_stopped_them(parked: Any) -> None:
    rows = [row for row in parked.get("/parked")["data"] if row["view"] == "dealer_stock"]
    (row,) = rows
    assert (row["stream"], row["events"], row["position"]) == ("stock-WH:tea", 2, 2)
    assert "StockReserved: no such event" in row["error"]
    found = parked.get(PLACE)
    assert [(e["position"], e["type"]) for e in found["events"]] == [
        (2, "StockReserved"),
        (3, "StockReceived"),
    ]
    assert found["events"][0]["data"]["order"] == "O1"
    pages = list(parked.pages(PLACE, "events", limit=1))
    assert [event["position"] for page in pages for event in page] == [2, 3]
    assert stock(parked) == {"tea": (9, 0), "cup": (1, 0)}


def test_a_retry_lets_in_what_can_be_read_and_is_harmless_again(parked: Any) -> None:
    with older_build(parked):
        failed = parked.client.post(f"{PLACE}/retry").json()
    assert (failed["applied"], failed["left"]) == (0, 2)
    assert "StockReserved" in failed["error"]
    done = parked.client.post(f"{PLACE}/retry").json()
    assert (done["applied"], done["left"], done["error"]) == (2, 0, None)
    assert parked.client.post(f"{PLACE}/retry").json()["applied"] == 0
    assert stock(parked) == {"tea": (14, 2), "cup": (1, 0)}
    parked.done("receive-stock", location="WH", item="tea", quantity=1, reference="r4")
    parked.feed()  # learns that the stream was let go
    parked.feed()
    assert stock(parked)["tea"] == (15, 2)


def test_a_skip_is_in_the_log_with_who_and_why_and_what_waits_behind_flows(parked: Any) -> None:
    with older_build(parked):
        done = parked.client.post(f"{PLACE}/skip", json={**TYPO, "position": 2}).json()
        again = parked.client.post(f"{PLACE}/skip", json={**TYPO, "position": 2}).json()
    assert (done["applied"], done["skipped"], done["left"]) == (1, 1, 0)
    assert (again["applied"], again["skipped"], again["left"]) == (0, 0, 0)
    (event,) = parked.get("/events", type="StreamSkipped")["data"]
    assert (event["stream"], event["actor"]) == ("exclusion-dealer_stock", "tester")
    assert event["data"] == {"stream": "stock-WH:tea", "positions": [2], **TYPO}
    assert stock(parked)["tea"] == (14, 0)


def test_all_that_waits_is_skipped_where_that_is_said(parked: Any) -> None:
    done = parked.client.post(f"{PLACE}/skip", json={**TYPO, "all": True}).json()
    assert (done["applied"], done["skipped"], done["left"]) == (0, 2, 0)
    assert stock(parked)["tea"] == (9, 0)


@pytest.mark.parametrize(
    ("path", "body", "status", "problem"),
    [
        (f"{PLACE}/skip", {}, 422, "invalid-body"),
        (f"{PLACE}/skip", {"reason": " "}, 422, "invalid-body"),
        (f"{PLACE}/skip", {**TYPO, "position": 1}, 404, "not-parked"),
        ("/parked/dealer_stock/stock-no/skip", TYPO, 404, "not-parked"),
        ("/parked/no_view/stock-WH:tea/skip", TYPO, 404, "not-parked"),
        ("/parked/no_view/stock-WH:tea/retry", None, 404, "not-parked"),
    ],
)
def test_what_cannot_be_done_is_a_problem_and_changes_nothing(
    left_alone: Any, path: str, body: Any, status: int, problem: str
) -> None:
    answer = left_alone.client.post(path, json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    chinese = left_alone.client.post(path, json=body, headers={"Accept-Language": "zh-CN"})
    assert chinese.json()["title"] != answer.json()["title"]
    assert len(left_alone.get(PLACE)["events"]) == 2
    assert not left_alone.get("/events", type="StreamSkipped")["data"]


def test_what_was_skipped_is_listed_and_can_be_restored(parked: Any) -> None:
    parked.client.post(f"{PLACE}/skip", json={**TYPO, "position": 2})
    (row,) = parked.get("/parked/skipped")["data"]
    assert (row["view"], row["stream"], row["position"]) == ("dealer_stock", "stock-WH:tea", 2)
    assert (row["actor"], row["reason"]) == ("tester", TYPO["reason"])
    why = {"reason": "was right"}
    wrong = parked.client.post(f"{PLACE}/restore", json={**why, "position": 1})
    assert (wrong.status_code, wrong.json()["type"]) == (404, "/problems/not-skipped")
    done = parked.client.post(f"{PLACE}/restore", json={**why, "position": 2}).json()
    assert (done["applied"], done["skipped"], done["left"]) == (1, 0, 0)
    again = parked.client.post(f"{PLACE}/restore", json={**why, "position": 2}).json()
    assert (again["applied"], again["left"]) == (0, 0)
    assert stock(parked)["tea"] == (14, 2)
    assert parked.get("/parked/skipped")["data"] == []


@pytest.mark.parametrize(
    ("view", "stream", "positions"),
    [
        ("dealer_stock", "stock-WH:tea", [2, 999]),
        ("dealer_stock", "stock-WH:tea", [1]),
        ("dealer_stock", "stock-WH:cup", [2]),
        ("funnel", "stock-WH:tea", [2]),
        ("no_view", "stock-WH:tea", [2]),
    ],
)
def test_the_command_skips_nothing_that_is_not_parked(
    parked: Any, view: str, stream: str, positions: list[int]
) -> None:
    body = {"id": view, "parked": stream, "positions": positions, **TYPO}
    answer = parked.ask("skip-parked", **body)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-parked")
    assert not parked.get("/events", type="StreamSkipped")["data"]


def test_the_command_skips_what_is_parked_and_its_key_is_known_for_ever(parked: Any) -> None:
    body = {"id": "dealer_stock", "parked": "stock-WH:tea", "positions": [2], **TYPO}
    first = parked.ask("skip-parked", key="a-key", **body)
    assert first.status_code < 300
    parked.client.post(f"{PLACE}/retry")
    parked.client.post(f"{PLACE}/restore", json={"reason": "was right"})
    again = parked.ask("skip-parked", key="a-key", **body)
    assert again.json()["repeated"]
    assert again.json()["events"] == first.json()["events"]
    assert stock(parked)["tea"] == (14, 2)


@pytest.fixture
def stopped(both: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Backorders could not react to the first of a stream's two receipts."""
    react = backorders.process.react

    def breaks(recorded: Any, event: Any) -> Any:
        if getattr(event, "reference", None) == "r1":
            raise ZeroDivisionError("a rule with a fault")
        return react(recorded, event)

    for item, reference in (("tea", "r1"), ("tea", "r2"), ("cup", "r3")):
        at = {"location": "WH", "item": item, "quantity": 1}
        both.done("receive-stock", **at, reference=reference)
    platform = both.platform
    with monkeypatch.context() as patch:
        patch.setattr(backorders.process, "react", breaks)
        ProcessRunner(platform.store, platform.executor, platform.codec, PROCESSES).step()
    return both


PROCESS = "/parked/backorders/stock-WH:tea"


def test_what_a_process_could_not_react_to_is_told_wherever_one_looks(stopped: Any) -> None:
    row = {"process": "backorders", "log": "main", "stream": "stock-WH:tea", "events": 2}
    told = stopped.get("/parked")["processes"]
    assert [{name: one[name] for name in row} for one in told] == [row]
    assert (told[0]["position"], told[0]["error"]) == (1, "ZeroDivisionError: a rule with a fault")
    how = stopped.get("/status")["processes"]["backorders"]
    assert (how["position"], how["parked_events"], how["parked"]) == (3, 2, told)
    found = stopped.get(PROCESS)
    assert (found["view"], found["generation"], found["next"]) == ("backorders", 0, None)
    events = [(one["position"], one["data"]["reference"]) for one in found["events"]]
    assert events == [(1, "r1"), (2, "r2")]
    metrics = stopped.client.get("/metrics").text
    assert 'distributary_process_parked_events{process="backorders"} 2.0' in metrics


def test_a_retry_lets_a_process_react_and_is_harmless_again(stopped: Any) -> None:
    done = stopped.client.post(f"{PROCESS}/retry").json()
    assert (done["view"], done["applied"], done["left"]) == ("backorders", 2, 0)
    assert stopped.client.post(f"{PROCESS}/retry").json()["applied"] == 0
    assert stopped.get("/parked")["processes"] == []
    assert stopped.client.get(PROCESS).status_code == 404


def test_what_a_process_shall_leave_out_is_in_the_log_and_can_be_restored(stopped: Any) -> None:
    done = stopped.client.post(f"{PROCESS}/skip", json={**TYPO, "position": 1}).json()
    again = stopped.client.post(f"{PROCESS}/skip", json={**TYPO, "position": 1}).json()
    assert [(one["skipped"], one["applied"], one["left"]) for one in (done, again)] == [
        (1, 1, 0),
        (0, 0, 0),
    ]
    (event,) = stopped.get("/events", type="StreamSkipped")["data"]
    assert (event["stream"], event["actor"]) == ("exclusion-backorders", "tester")
    assert event["data"]["positions"] == [1]
    (row,) = stopped.get("/parked/skipped")["data"]
    assert (row["view"], row["stream"], row["position"]) == ("backorders", "stock-WH:tea", 1)
    done = stopped.client.post(f"{PROCESS}/restore", json={"reason": "was right"}).json()
    assert (done["applied"], done["left"]) == (1, 0)
    assert stopped.get("/parked/skipped")["data"] == []


@pytest.mark.parametrize("position", [3, 99])
def test_no_process_skips_what_is_not_parked_for_it(stopped: Any, position: int) -> None:
    told = stopped.client.post(f"{PROCESS}/skip", json={**TYPO, "position": position})
    assert (told.status_code, told.json()["type"]) == (404, "/problems/not-parked")
    body = {"id": "backorders", "parked": "stock-WH:tea", "positions": [position], **TYPO}
    assert stopped.ask("skip-parked", **body).status_code == 404
    assert not stopped.get("/events", type="StreamSkipped")["data"]


def test_a_process_leaves_out_what_the_command_says_at_its_next_retry(stopped: Any) -> None:
    body = {"id": "backorders", "parked": "stock-WH:tea", "positions": [1, 2], **TYPO}
    assert stopped.ask("skip-parked", **body).status_code == 201
    done = stopped.client.post(f"{PROCESS}/retry").json()
    assert (done["skipped"], done["applied"], done["left"]) == (2, 0, 0)
