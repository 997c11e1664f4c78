"""Deals over time: by period, by where they came from, by cohort, and how old the open ones are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from company import Company, Found, changes
from history import few, histories
from hypothesis import given
from hypothesis import strategies as st

from aggregates.opportunities.opportunity import (
    Opportunity,
    OpportunityLost,
    OpportunityRescheduled,
)
from commands import Command
from commands.customers.customer import RegisterCustomer
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityDetails,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)
from commands.organisation.rep import HireRep
from infra.clock import micros
from projections.engine import day_of, periods, why
from projections.engine.periods import Every
from projections.engine.reading import NOW, Days
from projections.opportunities import cohorts, deals, funnel, open_deals, series

START = datetime(2026, 3, 2, 4, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
TODAY = day_of(micros(START + 40 * DAY))
ALL: Any = {"limit": 10_000}


def test_a_lost_deal_says_why_and_where_it_came_from() -> None:
    lost = OpportunityLost(
        "standard", "b", 500, "CNY", "R1", "d", "r", 60, "price", None, "dealer", "fair"
    )
    came = ("standard", "b", "R1", "d", "r", "CNY", "dealer", "fair", "price")
    moved = OpportunityRescheduled(None, START.date())
    assert changes(deals.view, "opportunity-O1", lost, moved) == [
        deals.Change(*came, lost=1, lost_amount=500)
    ]


def founded(company: Company) -> Company:
    """Four deals of March: one won after 10 days and one after 20, one lost, one open."""
    company.ask(
        HireRep(id="R1", name="R", department="key", region="north"),
        HireRep(id="R2", name="R", department="key", region="south"),
        RegisterCustomer(id="C1", name="C", customer_kind="dealer", owner="R1", source="fair"),
        RegisterCustomer(id="C2", name="C", customer_kind="retailer", owner="R1"),
        deal("quick", "C1", 0, 100),
        deal("slow", "C2", 1, 200),
        deal("lost", "C1", 8, 40),
        deal("open", "C1", 9, 5),
        AdvanceOpportunity(id="slow", stage="proposal", occurred_at=START + 2 * DAY),
        AdvanceOpportunity(id="lost", stage="needs_analysis", occurred_at=START + 9 * DAY),
        AdvanceOpportunity(id="open", stage="needs_analysis", occurred_at=START + 9 * DAY),
        WinOpportunity(id="quick", occurred_at=START + 10 * DAY),
        LoseOpportunity(id="lost", reason="price", occurred_at=START + 10 * DAY),
        AdvanceOpportunity(id="open", stage="qualification", occurred_at=START + 11 * DAY),
        WinOpportunity(id="slow", occurred_at=START + 21 * DAY),
        RevalueOpportunity(id="open", amount=7, occurred_at=START + 22 * DAY),
        ReassignOpportunity(id="open", rep="R2", occurred_at=START + 23 * DAY),
    )
    return company.follow()


def deal(id: str, customer: str, day: int, amount: int) -> Command:
    what: Any = {"title": "Tea", "amount": amount, "currency": "CNY"}
    return OpenOpportunity(id=id, customer=customer, occurred_at=START + day * DAY, **what)


def shown(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_a_series_says_what_was_opened_won_and_lost_in_each_week(company: Company) -> None:
    founded(company)
    with company.read() as connection:
        weeks = series.read(connection, every="week")
        (march,) = series.read(connection, every="month")
        (some,) = series.read(connection, every="period", days=day_numbers(9, 10))
    assert shown(weeks, "first", "last", "opened", "won", "lost", "win_rate_bp") == [
        ("2026-03-02", "2026-03-08", 2, 0, 0, None),
        ("2026-03-09", "2026-03-15", 2, 1, 1, 5_000),
        ("2026-03-23", "2026-03-29", 0, 1, 0, 10_000),
    ]
    names = "opened", "opened_amount", "won", "won_amount", "lost", "lost_amount"
    assert shown([march], "first", *names) == [("2026-03-01", 4, 345, 2, 300, 1, 40)]
    assert shown([some], "first", "last", "opened", "won", "lost") == [
        ("2026-03-11", "2026-03-12", 1, 1, 1)
    ]


def test_a_deal_that_was_entered_wrongly_counts_in_its_right_place_alone(company: Company) -> None:
    founded(company)
    wrong = ChangeOpportunityDetails(id="open", currency="USD", pipeline="tender")
    company.ask(wrong.model_copy(update={"occurred_at": START + 24 * DAY}))
    company.ask(
        deal("late", "C1", 25, 9),
        AdvanceOpportunity(id="late", stage="proposal", occurred_at=START + 26 * DAY),
        ChangeOpportunityDetails(id="late", currency="USD", occurred_at=START + 27 * DAY),
        WinOpportunity(id="late", occurred_at=START + 28 * DAY),
    )
    company.follow()
    with company.read() as connection:
        months = series.read(connection, every="period")
        rows = cohorts.read(connection)
        few = cohorts.read(connection, filters={"currency": "USD"})
        still = open_deals.read(connection, today=TODAY)
        stages = funnel.read(connection)
        for wanted in ({}, {"currency": "USD"}, {"pipeline": "standard", "currency": "CNY"}):
            within = cohorts.within(wanted, Days(), NOW)
            told = why.answer(connection, deals.view, why.Question({}, within=within)).figure
            asked = cohorts.read(connection, filters=wanted)
            for name in deals.COUNTS:
                assert told[name] == sum(row[name] for row in asked)
    where = "pipeline", "currency", "opened", "opened_amount", "won", "won_amount"
    right = [
        ("standard", "CNY", 3, 340, 2, 300),
        ("standard", "USD", 1, 9, 1, 9),
        ("tender", "USD", 1, 5, 0, 0),
    ]
    assert shown(months, *where) == shown(rows, *where) == right
    assert shown(few, *where) == right[1:]
    assert [[each["stage"] for each in row["reached"]] for row in few] == [
        ["qualification", "proposal"],
        ["announced"],
    ]
    place = "stream", "pipeline", "stage", "currency", "amount"
    (deal_,) = shown(still.deals, *place)
    assert deal_ == ("opportunity-open", "tender", "announced", "USD", 7)
    now = [row for row in stages if row["currency"] == "USD"]
    assert shown(now, "pipeline", "stage", "deals", "amount") == [
        ("standard", "proposal", 0, 0),
        ("standard", "won", 1, 9),
        ("tender", "announced", 1, 7),
    ]


def day_numbers(first: int, last: int) -> Days:
    start = day_of(micros(START))
    return Days(start + first, start + last)


def test_a_series_can_be_cut_by_source_by_kind_of_customer_and_by_reason(company: Company) -> None:
    founded(company)
    with company.read() as connection:
        sources = series.read(connection, every="year", by=("source",))
        kinds = series.read(connection, every="year", by=("customer_kind",))
        reasons = series.read(connection, every="year", by=("reason",), filters={"reason": "price"})
        fair = series.read(connection, every="year", filters={"source": "fair"})
    assert shown(sources, "source", "opened", "won", "lost") == [("", 1, 1, 0), ("fair", 3, 1, 1)]
    assert shown(kinds, "customer_kind", "opened", "won", "lost") == [
        ("dealer", 3, 1, 1),
        ("retailer", 1, 1, 0),
    ]
    assert shown(reasons, "reason", "lost", "lost_amount") == [("price", 1, 40)]
    assert shown(fair, "opened", "won", "lost") == [(3, 1, 1)]


def test_the_time_to_win_is_from_the_opening_of_the_deals_that_were_won(company: Company) -> None:
    founded(company)
    with company.read() as connection:
        (year,) = series.read(connection, every="year")
        by_week = series.read(connection, every="week")
    day = 24 * 3600
    assert (year["average_seconds_to_win"], year["median_seconds_to_win"]) == (15 * day, 15 * day)
    assert shown(by_week, "average_seconds_to_win") == [(None,), (10 * day,), (20 * day,)]


def test_a_cohort_says_what_became_of_those_that_were_opened_together(company: Company) -> None:
    founded(company)
    with company.read() as connection:
        (first, second) = cohorts.read(connection, every="week")
        (fair,) = cohorts.read(connection, filters={"source": "fair"})
    names = "opened", "opened_amount", "won", "lost", "open", "conversion_bp"
    assert shown([first], *names) == [(2, 300, 2, 0, 0, 10_000)]
    assert shown([second], *names) == [(2, 45, 0, 1, 1, 0)]
    assert shown([fair], *names) == [(3, 145, 1, 1, 1, 3_333)]
    assert first["reached"] == [
        {"stage": "qualification", "deals": 2},
        {"stage": "proposal", "deals": 1},
    ]
    assert second["reached"] == [
        {"stage": "qualification", "deals": 2},
        {"stage": "needs_analysis", "deals": 2},
    ]


def test_an_open_deal_is_as_old_as_its_opening_wherever_it_stands_by_now(company: Company) -> None:
    founded(company)
    with company.read() as connection:
        found = open_deals.read(connection, today=TODAY)
        elsewhere = open_deals.read(connection, today=TODAY, filters={"rep": "R1"})
        fair = open_deals.read(connection, today=TODAY, filters={"source": ["fair"]})
    (one,) = found.deals
    assert shown([one], "stream", "stage", "rep", "amount", "age_days", "source") == [
        ("opportunity-open", "qualification", "R2", 7, 31, "fair")
    ]
    ages = "deals", "amount", "average_age_days", "median_age_days", "oldest_age_days"
    assert shown(found.stages, "stage", *ages) == [("qualification", 1, 7, 31, 31, 31)]
    assert (elsewhere.deals, elsewhere.stages, fair) == ([], [], found)


@few
@given(history=histories, every=st.sampled_from(["day", "week", "month", "quarter", "period"]))
def test_the_series_sum_to_the_funnel(found: Found, history: list[Command], every: Every) -> None:
    """Whatever the period: what was won and lost is what stands as won and lost."""
    company = after(found, history)
    with company.read() as connection:
        rows = series.read(connection, every=every, **ALL)
        stages = funnel.read(connection, **ALL)
    for stage, name in ((funnel.WON, "won"), (funnel.LOST, "lost")):
        ended = [row for row in stages if row["stage"] == stage]
        assert sum(row[name] for row in rows) == sum(row["deals"] for row in ended)
        amounts = sum(row[f"{name}_amount"] for row in rows)
        assert amounts == sum(row["amount"] for row in ended)
    assert sum(row["opened"] for row in rows) == sum(row["deals"] for row in stages) > 0
    assert sum(r["opened"] - r["won"] - r["lost"] for r in rows) == sum(
        row["deals"] for row in stages if row["stage"] not in (funnel.WON, funnel.LOST)
    )


def after(found: Found, history: list[Command]) -> Company:
    company = found()
    company.try_all(history)
    return company.follow(50)


@few
@given(history=histories, every=st.sampled_from(["day", "week", "year", "period"]))
def test_the_cohorts_sum_to_what_the_deals_are(
    found: Found, history: list[Command], every: Every
) -> None:
    company = after(found, history)
    states = list(company.states(Opportunity).values())
    won, lost = (sum(bool(getattr(s, end)) for s in states) for end in ("won", "lost"))
    with company.read() as connection:
        rows = cohorts.read(connection, every=every, by=("rep", "customer_kind"), **ALL)
        opened = open_deals.read(connection, today=TODAY, **ALL)
    sums = [sum(row[name] for row in rows) for name in ("opened", "won", "lost", "open")]
    assert sums == [len(states), won, lost, len(states) - won - lost]
    assert sum(row["deals"] for row in opened.stages) == len(opened.deals) == sums[3]
    first = sum(
        each["deals"]
        for row in rows
        for each in row["reached"]
        if each["stage"] in {"qualification", "announced"}
    )
    assert first == len(states)


@few
@given(history=histories)
def test_open_deals_stand_where_the_funnel_has_them(found: Found, history: list[Command]) -> None:
    company = after(found, history)
    with company.read() as connection:
        opened = open_deals.read(connection, today=TODAY, **ALL)
        rows = funnel.read(connection, by=("rep",), **ALL)
    ended = {funnel.WON, funnel.LOST}
    stood = {
        (row["pipeline"], row["stage"], row["currency"], row["rep"]): (row["deals"], row["amount"])
        for row in rows
        if row["stage"] not in ended and (row["deals"] or row["amount"])
    }
    seen: dict[Any, tuple[int, int]] = {}
    for one in opened.deals:
        place = one["pipeline"], one["stage"], one["currency"], one["rep"]
        number, amount = seen.get(place, (0, 0))
        seen[place] = number + 1, amount + one["amount"]
    assert seen == stood


@few
@given(history=histories, first=st.integers(-1, 4), length=st.integers(0, 3))
def test_why_of_a_cohort_has_every_step_of_its_deals_and_no_other(
    found: Found, history: list[Command], first: int, length: int
) -> None:
    company = after(found, history)
    days = day_numbers(first, first + length)
    ledger = company.ledger(deals.view)
    mine = {r["stream"] for r in ledger if r["opened"] and days.first <= r["day"] <= days.last}
    expected = [row for row in ledger if row["stream"] in mine]
    question = why.Question({}, within=cohorts.within({}, days, NOW))
    with company.read() as connection:
        answer = why.answer(connection, deals.view, question, limit=10_000)
        rows = cohorts.read(connection, days=days, **ALL)
    assert answer.rows == expected
    for name in deals.COUNTS:
        assert answer.figure[name] == sum(row[name] for row in rows)


@pytest.mark.parametrize(
    ("every", "day", "first", "last"),
    [
        ("day", "2026-03-01", "2026-03-01", "2026-03-01"),
        ("week", "2026-03-01", "2026-02-23", "2026-03-01"),
        ("week", "2025-12-31", "2025-12-29", "2026-01-04"),
        ("month", "2028-02-29", "2028-02-01", "2028-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-05-31", "2026-04-01", "2026-06-30"),
        ("quarter", "2026-12-01", "2026-10-01", "2026-12-31"),
        ("year", "2028-02-29", "2028-01-01", "2028-12-31"),
    ],
)
def test_a_period_is_of_the_calendar(every: Every, day: str, first: str, last: str) -> None:
    number = (datetime.fromisoformat(day) - datetime(1970, 1, 1)).days
    assert periods.cut([number], every, Days())[number] == (first, last)
    assert periods.cut([number], every, Days(number, number))[number] == (day, day)
    assert periods.cut([number], "period", Days(number - 1))[number][1] == day
