"""A command takes effect once under its key, and nobody overwrites what he has not seen."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.requests import Outcome
from services.api.commands import refusal

LI = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}


def hired(both: Any, key: str = "k1", **headers: str) -> Any:
    headers = {"Idempotency-Key": key} | headers
    return both.client.post("/commands/hire-rep", json=LI, headers=headers)


def test_a_command_answers_with_what_it_did(both: Any) -> None:
    answer = hired(both)
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == "/streams/rep-li"
    event = {"position": 1, "stream": "rep-li", "version": 1, "type": "RepHired"}
    expected = {"position": 1, "id": "li", "stream": "rep-li", "version": 1, "events": [event]}
    assert answer.json() == {**expected, "repeated": False}
    stored = both.get("/events/1")
    assert (stored["actor"], stored["command_id"]) == ("tester", "k1")


def test_the_same_key_takes_effect_once(both: Any) -> None:
    first = hired(both)
    again = hired(both)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.json() == {**first.json(), "repeated": True}
    assert both.get("/events")["head"] == 1


def test_of_a_header_that_is_sent_twice_the_first_counts(api: Any) -> None:
    keys = [("Idempotency-Key", "k1"), ("Idempotency-Key", "k2")]
    first = api.client.post("/commands/hire-rep", json=LI, headers=keys)
    assert (first.status_code, api.get("/events/1")["command_id"]) == (201, "k1")


def test_a_moment_told_in_any_zone_is_kept_in_utc(api: Any) -> None:
    goods = {"location": "WH", "item": "tea", "quantity": 1, "reference": "R1"}
    api.done("receive-stock", **goods, occurred_at="2026-03-02T07:30:00+08:00")
    event = api.get("/events/1")
    assert event["occurred_at"] == "2026-03-01T23:30:00.000000Z"
    assert event["data"]["moved_at"] == "2026-03-01T23:30:00Z"


def test_ten_at_once_with_one_key_are_one(both: Any) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: hired(both), range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert sum(answer.json()["repeated"] for answer in answers) == 9
    assert {answer.json()["position"] for answer in answers} == {1}
    assert both.get("/events")["head"] == 1


def test_a_refusal_is_decided_anew_once_what_was_wrong_is_mended(api: Any) -> None:
    first = api.ask("freeze-customer", key="no", id="C1", reason="debt")
    api.done("hire-rep", **LI)
    api.done("register-customer", id="C1", name="One", customer_kind="dealer", owner="li")
    again = api.ask("freeze-customer", key="no", id="C1", reason="debt")
    assert (first.status_code, again.status_code) == (404, 200)
    assert "idempotency-replayed" not in again.headers
    for reason, status in (("debt", 200), ("fraud", 422)):  # now the key is taken
        kept = api.ask("freeze-customer", key="no", id="C1", reason=reason)
        assert kept.status_code == status


def test_what_was_recorded_before_is_answered_as_a_repeat(api: Any) -> None:
    api.done("hire-rep", **LI)
    first = api.done("register-customer", id="C1", name="One", customer_kind="dealer", owner="li")
    again = api.ask(
        "register-customer", key="other", id="C1", name="One", customer_kind="dealer", owner="li"
    )
    assert (first["repeated"], again.json()["repeated"]) == (False, True)


def test_a_date_before_what_it_follows_is_refused_or_flagged(api: Any) -> None:
    api.done("hire-rep", **LI)
    api.done("register-customer", id="C1", name="One", customer_kind="dealer", owner="li")
    deal = {"customer": "C1", "title": "Tea", "amount": 5, "currency": "CNY"}
    api.done("open-opportunity", id="O1", occurred_at="2026-05-10T00:00:00Z", **deal)
    step = {"id": "O1", "stage": "proposal", "occurred_at": "2026-05-05T00:00:00Z"}
    early = api.ask("advance-opportunity", **step)
    assert (early.status_code, early.json()["refusal"]) == (409, "OutOfOrder")
    assert "2026-05-05" in early.json()["detail"]
    assert "2026-05-10" in early.json()["detail"]
    flagged = api.done("advance-opportunity", dates="flag", **step)
    assert [e["type"] for e in flagged["events"]] == ["DateFlagged", "OpportunityAdvanced"]
    ahead = api.ask(
        "advance-opportunity", id="O1", stage="proposal", occurred_at="2099-01-01T00:00:00Z"
    )
    assert ahead.json().get("refusal") == "InTheFuture"
    [listed] = api.get("/events", type="DateFlagged")["data"]
    assert listed["stream"] == "opportunity-O1"
    api.feed()
    assert sum(row["deals"] for row in api.get("/funnel")["data"]) == 1


def test_a_refusal_speaks_the_language_of_whoever_asks(both: Any) -> None:
    body = {"id": "C1", "reason": "debt"}
    said = {}
    for spoken in ("en", "zh-CN", "en"):  # the first is decided, the others are repeated
        headers = {"Idempotency-Key": "no", "Accept-Language": spoken}
        answer = both.client.post("/commands/freeze-customer", json=body, headers=headers)
        assert answer.headers["content-language"] == spoken
        assert said.setdefault(spoken, answer.json()["detail"]) == answer.json()["detail"]
    row = {"command": "freeze-customer", "body": body, "key": "no"}
    headers = {"Idempotency-Key": "many", "Accept-Language": "zh-CN"}
    [of_many] = both.client.post("/commands", json=[row], headers=headers).json()["outcomes"]
    assert said["en"] == "There is no such customer. Register the customer first."
    assert said["zh-CN"] == of_many["detail"] == "没有这个客户。请先登记客户。"


def test_a_refusal_that_was_kept_in_english_alone_is_told_in_english() -> None:
    before = Outcome(3, "customer-C1", 0, refusal="Unknown", message="There is none.")
    assert refusal(before).content("zh-CN")["detail"] == "There is none."


def test_who_saw_the_version_may_change_it(api: Any) -> None:
    hired(api)
    body = {"id": "li", "department": "west", "region": "chengdu"}
    headers = {"Idempotency-Key": "m1", "If-Match": '"1"'}
    moved = api.client.post("/commands/move-rep", json=body, headers=headers)
    assert (moved.status_code, moved.headers["etag"]) == (200, '"2"')
    headers = {"Idempotency-Key": "m2", "If-Match": '"1"'}
    late = api.client.post("/commands/move-rep", json=body, headers=headers)
    assert late.status_code == 412
    assert late.headers["etag"] == '"2"'


def test_stock_needs_no_version_since_many_move_it(api: Any) -> None:
    for reference in ("a", "b"):
        body = {"location": "WH", "item": "tea", "quantity": 5, "reference": reference}
        headers = {"Idempotency-Key": reference}
        answer = api.client.post("/commands/receive-stock", json=body, headers=headers)
        assert answer.status_code in {200, 201}
    assert api.get("/streams/stock-WH:tea")["version"] == 2


def test_correlation_and_causation_are_kept(api: Any) -> None:
    hired(api, **{"Correlation-Id": "call-7", "Causation-Id": "mail-9"})
    event = api.get("/events/1")
    assert (event["correlation_id"], event["causation_id"]) == ("call-7", "mail-9")


def batch(api: Any, rows: list[dict[str, Any]], key: str = "b1") -> Any:
    return api.client.post("/commands", json=rows, headers={"Idempotency-Key": key})


def test_each_row_of_a_batch_has_its_own_outcome(both: Any) -> None:
    move = {"id": "li", "department": "west", "region": "chengdu"}
    rows = [
        {"command": "hire-rep", "body": LI},
        {"command": "move-rep", "body": move},
        {"command": "move-rep", "body": move, "expected": 1},
        {"command": "dismiss-rep", "body": {"id": "nobody", "reason": "gone"}},
        {"command": "hire-rep", "body": {"id": "x/y"}},
        {"command": "fly-to-the-moon", "body": {}},
        {"command": "move-rep", "body": {**move, "region": "lhasa"}, "key": "own", "expected": "*"},
    ]
    found = batch(both, rows).json()
    assert [row["status"] for row in found["outcomes"]] == [201, 428, 200, 404, 422, 422, 200]
    assert (found["done"], found["failed"]) == (3, 4)
    assert [row["key"] for row in found["outcomes"]][-2:] == ["b1:5", "own"]
    faults = found["outcomes"][4]["errors"]
    assert {"#/body/id", "#/body/name"} <= {fault["pointer"] for fault in faults}


def test_a_batch_sent_twice_does_nothing_new(both: Any) -> None:
    rows = [{"command": "hire-rep", "body": {**LI, "id": f"r{n}"}} for n in range(300)]
    first, again = batch(both, rows).json(), batch(both, rows).json()
    assert first["done"] == again["done"] == 300
    assert all(row["repeated"] for row in again["outcomes"])
    assert both.get("/events")["head"] == 300
