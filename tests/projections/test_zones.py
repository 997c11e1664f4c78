"""Days of two places are never mixed in one figure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from company import CODEC, Company, Found, about
from sqlalchemy import delete, select

from aggregates import calendar
from commands.inventory.stock import SellOut
from infra.clock import instant
from projections.engine import generations, zones
from projections.engine.reading import Days
from projections.engine.zones import OtherZone
from projections.targets import rankings
from services.workers import rebuild
from services.workers.rebuild import Rebuild, roll_back

EVENING = datetime.fromisoformat("2026-03-02T23:30:00+08:00")


@pytest.fixture(autouse=True)
def china() -> Iterator[None]:
    yield
    calendar.use(calendar.DEFAULT)


@pytest.fixture(params=[1, 2_000])
def near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much of a history is left for the transaction that switches."""
    monkeypatch.setattr(rebuild, "NEAR", request.param)


def sold(company: Company, sale: str, at: datetime) -> None:
    what = {"location": "D1", "item": "tea", "quantity": 1, "amount": 5, "currency": "CNY"}
    company.ask(about(SellOut, sale=sale, occurred_at=at, **what))


def days(company: Company) -> list[date]:
    return [instant(row["day"] * calendar.DAY).date() for row in company.ledger(rankings.view)]


def sold_on(company: Company, day: date) -> int:
    number = (day - calendar.EPOCH).days
    with company.read() as connection:
        only = Days(number, number)
        found = rankings.top(connection, "dealers", "sell_out_amount", days=only)
    return sum(row["sell_out_amount"] for row in found)


@pytest.mark.usefixtures("near")
def test_a_change_of_zone_needs_a_rebuild_and_then_every_day_is_of_the_new_one(
    found: Found,
) -> None:
    with found() as company:
        for number in range(3):
            sold(company, f"s{number}", EVENING)
        company.follow()
        assert days(company) == [date(2026, 3, 2)] * 3
        calendar.use("Pacific/Auckland")
        sold(company, "late", EVENING)
        for way in (company.new_follower, company.follower.start):
            with pytest.raises(OtherZone, match="Asia/Shanghai, and DISTRIBUTARY_ZONE is Pacific"):
                way()
        assert days(company) == [date(2026, 3, 2)] * 3
        for view in company.views:
            built = Rebuild(company.store, CODEC, view).run(lambda *_: None)
            assert built.switched, "totals are of all days, and so the same"
        company.follower = company.new_follower()
        company.follow()
        assert days(company) == [date(2026, 3, 3)] * 4
        assert (sold_on(company, date(2026, 3, 3)), sold_on(company, date(2026, 3, 2))) == (20, 0)


def test_a_generation_of_another_zone_cannot_be_gone_back_to_unnoticed(company: Company) -> None:
    sold(company, "s1", EVENING)
    company.follow()
    calendar.use("Europe/Berlin")
    for view in company.views:
        Rebuild(company.store, CODEC, view).run(lambda *_: None)
    company.follower.start()
    roll_back(company.store, CODEC, rankings.view)
    with pytest.raises(OtherZone):
        company.follower.start()


def test_what_a_killed_rebuild_left_under_another_zone_is_thrown_away(company: Company) -> None:
    sold(company, "s1", EVENING)
    company.follow()
    left = Rebuild(company.store, CODEC, rankings.view).new
    assert Rebuild(company.store, CODEC, rankings.view).new == left
    calendar.use("Europe/Berlin")
    again = Rebuild(company.store, CODEC, rankings.view)
    assert again.run(lambda *_: None).switched
    with company.read() as connection:
        assert zones.made_by(connection, "rankings", again.new) == "Europe/Berlin"


def test_a_view_that_has_heard_nothing_takes_the_zone_that_is_chosen(company: Company) -> None:
    calendar.use("Europe/Berlin")
    with company.database.write() as connection:
        generations.create(connection, company.views)
    company.new_follower()
    sold(company, "s1", EVENING - timedelta(hours=18))
    company.follower = company.new_follower()
    company.follow()
    assert days(company) == [date(2026, 3, 1)]


def test_a_generation_of_an_older_build_is_of_the_zone_that_there_was(company: Company) -> None:
    sold(company, "s1", EVENING)
    company.follow()
    with company.database.write() as connection:
        connection.execute(delete(zones.zones))
    calendar.use("Europe/Berlin")
    with company.database.write() as connection:
        generations.create(connection, company.views)
        assert connection.execute(select(zones.zones)).all() == []
    with pytest.raises(OtherZone, match="Asia/Shanghai"):
        company.new_follower()
