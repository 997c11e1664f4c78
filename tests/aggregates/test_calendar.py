"""Business days are those of the company's place, whatever the clocks do there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import quick
from pydantic import TypeAdapter

from aggregates import calendar
from aggregates.calendar import LATEST, day_after
from commands.fields import Day
from infra.clock import instant, micros
from projections.engine import day_of, day_start

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Havana",  # summer time begins at midnight
    "Pacific/Apia",  # a day was left out
    "Africa/Monrovia",
    "UTC",
)
instants = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


@pytest.fixture(autouse=True)
def china() -> Iterator[None]:
    yield
    calendar.use(calendar.DEFAULT)


def test_a_day_is_the_companys_own() -> None:
    new_year = datetime.fromisoformat("2026-01-01T00:30:00+08:00")
    assert calendar.business_day(new_year) == date(2026, 1, 1)
    calendar.use("Europe/Berlin")
    assert calendar.business_day(new_year) == date(2025, 12, 31)
    assert calendar.zone() == "Europe/Berlin"


def test_a_day_of_summer_time_is_as_long_as_it_is() -> None:
    calendar.use("Europe/Berlin")
    first, second = (calendar.day_start(date(2026, 3, day)) for day in (29, 30))
    assert second - first == timedelta(hours=23)
    assert calendar.day_start(date(2026, 10, 26)) - calendar.day_start(
        date(2026, 10, 25)
    ) == timedelta(hours=25)


def test_a_day_whose_midnight_is_left_out_begins_when_it_begins() -> None:
    calendar.use("America/Havana")
    start = calendar.day_start(date(2026, 3, 8))
    assert start.astimezone(ZoneInfo("America/Havana")).time() == time(1)
    before = start - timedelta(microseconds=1)
    days = calendar.business_day(before), calendar.business_day(start)
    assert days == (date(2026, 3, 7), date(2026, 3, 8))


@pytest.mark.parametrize("zone", ZONES)
def test_views_count_the_same_days(zone: str) -> None:
    calendar.use(zone)

    @quick
    @given(instants.filter(lambda at: 2 < at.year < 9999))
    def alike(at: datetime) -> None:
        wanted = calendar.business_day(at)
        assert day_of(micros(at)) == wanted.toordinal() - calendar.EPOCH.toordinal()

    @quick
    @given(instants)
    def answers_always(at: datetime) -> None:
        day_of(micros(at))

    alike()
    answers_always()


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_around_a_change_of_the_clocks_is_of_the_right_day(zone: str) -> None:
    calendar.use(zone)
    for day in (date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2011, 12, 29)):
        start = calendar.day_start(day)
        for minute in range(-90, 30 * 60, 7):
            at = start + timedelta(minutes=minute)
            wanted = at.astimezone(ZoneInfo(zone)).date()
            assert instant(day_of(micros(at)) * calendar.DAY).date() == wanted


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_at_its_first_instant(zone: str) -> None:
    calendar.use(zone)
    for number in range(18_000, 22_000, 11):
        start = day_start(number)
        assert (day_of(start - 1), day_of(start)) == (number - 1, number)


def test_what_lasts_until_the_last_day_there_is_is_over_on_a_day_that_can_be_told() -> None:
    assert day_after(date(2026, 12, 31)) == date(2027, 1, 1)
    for last in (date(9998, 12, 30), LATEST, date(9999, 12, 31)):
        assert day_after(last) == LATEST
        assert TypeAdapter(Day).validate_python(day_after(last)) == day_after(last)
