"""A business day in place of an instant: some time on that day, after what came before."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregates import calendar
from commands.fields import Begun
from commands.opportunities.opportunity import RevalueOpportunity
from commands.organisation.rep import MoveRep
from infra.executor import Executor
from services.bootstrap import request

ZONE = ZoneInfo("Asia/Shanghai")
DAY, TEN = "2026-03-10", "2026-03-10T10:00:00+08:00"


@pytest.fixture
def deal(both: Any) -> Any:
    at = {"occurred_at": "2026-03-01"}
    both.done("hire-rep", id="li", name="Li", department="e", region="s", **at)
    both.done("register-customer", id="C", name="C", customer_kind="retailer", owner="li", **at)
    about = {"customer": "C", "title": "T", "amount": 5, "currency": "CNY"}
    both.done("open-opportunity", id="D", **about, occurred_at=TEN)
    return both


def dated(api: Any, answer: dict[str, Any]) -> list[str]:
    found = [api.get(f"/events/{event['position']}") for event in answer["events"]]
    return [datetime.fromisoformat(e["occurred_at"]).astimezone(ZONE).isoformat() for e in found]


def test_a_day_is_after_what_happened_earlier_on_it(deal: Any) -> None:
    first = deal.done("revalue-opportunity", id="D", amount=6, occurred_at=DAY)
    assert dated(deal, first) == [TEN]
    moved = deal.done("advance-opportunity", id="D", stage="proposal", occurred_at="2026-03-11")
    assert dated(deal, moved) == ["2026-03-11T00:00:00+08:00"]
    won = deal.done("win-opportunity", id="D", occurred_at="2026-03-11")
    assert set(dated(deal, won)) == {"2026-03-11T00:00:00+08:00"}


def test_a_day_before_that_of_what_it_follows_is_refused_or_flagged(deal: Any) -> None:
    early = {"id": "D", "amount": 6, "occurred_at": "2026-03-09"}
    answer = deal.ask("revalue-opportunity", **early)
    assert (answer.status_code, answer.json()["refusal"]) == (409, "OutOfOrder")
    assert "2026-03-09T00:00:00+08:00 is before 2026-03-10T10:00:00" in answer.json()["detail"]
    flagged = deal.done("revalue-opportunity", **early, dates="flag")
    assert [event["type"] for event in flagged["events"]] == ["DateFlagged", "OpportunityRevalued"]


def test_an_instant_is_taken_at_its_word(deal: Any) -> None:
    start = "2026-03-10T00:00:00+08:00"
    answer = deal.ask("revalue-opportunity", id="D", amount=6, occurred_at=start)
    assert (answer.status_code, answer.json()["refusal"]) == (409, "OutOfOrder")


def test_today_is_after_what_happened_today_and_tomorrow_has_not_come(deal: Any) -> None:
    deal.done("revalue-opportunity", id="D", amount=6)
    [now] = dated(deal, deal.done("revalue-opportunity", id="D", amount=7))
    today = datetime.fromisoformat(now).date()
    [then] = dated(deal, deal.done("revalue-opportunity", id="D", amount=8, occurred_at=str(today)))
    assert now == then
    for day in (today + timedelta(days=1), today + timedelta(days=2)):
        answer = deal.ask("revalue-opportunity", id="D", amount=9, occurred_at=str(day))
        assert answer.json()["refusal"] == "InTheFuture"


def test_another_stream_of_the_same_command_follows_its_own_day(deal: Any) -> None:
    """The customer was handed over at noon: its deals, opened at ten, go on that day too."""
    deal.done("hire-rep", id="wu", name="Wu", department="e", region="s", occurred_at="2026-03-01")
    deal.done("change-customer-details", id="C", name="D", occurred_at="2026-03-09T12:00:00+08:00")
    over = {"id": "li", "owner": "wu", "customers": ["C"], "reason": "left"}
    answer = deal.done("hand-over-customers", **over, occurred_at=DAY)
    assert dated(deal, answer) == ["2026-03-10T00:00:00+08:00", TEN]


def test_a_purchase_told_by_its_day_is_a_repeat_when_it_is_told_again(deal: Any) -> None:
    deal.done("enrol-member", id="M", name="Ann", occurred_at="2026-03-01")
    bought = {"id": "M", "points": 40, "occurred_at": DAY}
    deal.done("earn-points", **bought, purchase="P1")
    gift = {"form": "gift", "points": 10, "redemption": "G"}
    deal.done("redeem-points", id="M", **gift, occurred_at=TEN)
    assert dated(deal, deal.done("earn-points", **bought, purchase="P2")) == [TEN]
    assert deal.done("earn-points", **bought, purchase="P2")["repeated"]
    assert deal.done("earn-points", **bought, purchase="P1")["repeated"]


def test_a_key_knows_a_day_from_its_beginning(deal: Any) -> None:
    told = {"id": "D", "amount": 6, "key": "k"}
    assert not deal.done("revalue-opportunity", **told, occurred_at=DAY)["repeated"]
    assert deal.done("revalue-opportunity", **told, occurred_at=DAY)["repeated"]
    start = "2026-03-10T00:00:00+08:00"
    assert deal.ask("revalue-opportunity", **told, occurred_at=start).status_code == 422


def test_a_key_of_an_older_build_is_known_by_the_days_beginning(both: Any) -> None:
    both.done("hire-rep", id="li", name="L", department="e", region="s", occurred_at="2026-03-01")
    platform = both.platform
    executor = Executor(platform.log, platform.executor.refused)
    move = {"id": "li", "department": "w", "region": "x"}
    started = {**move, "occurred_at": "2026-03-09T16:00:00Z"}
    before = request(MoveRep.model_validate(started), "a", "k")  # as it was kept then
    assert not executor.execute(before).repeated
    again = request(MoveRep.model_validate({**move, "occurred_at": DAY}), "a", "k")
    assert executor.execute(again).repeated


def test_a_day_is_kept_as_a_day_through_json_and_copies() -> None:
    told = RevalueOpportunity.model_validate_json(f'{{"id":"D","amount":1,"occurred_at":"{DAY}"}}')
    for command in (told, told.model_copy(), RevalueOpportunity.model_validate(dict(told))):
        assert isinstance(command.occurred_at, Begun)
        assert command.occurred_at == calendar.day_start(command.occurred_at.last.date())
        assert command.day_end() == calendar.day_start(
            calendar.business_day(command.occurred_at) + timedelta(days=1)
        ) - timedelta(microseconds=1)
