"""Targets: their periods, their parts, and what neither of them may be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario import World

from aggregates import Unknown
from aggregates.organisation.department import Department
from aggregates.targets import period
from aggregates.targets.breakdown import PartsDisagree, shared
from aggregates.targets.period import LENGTHS
from aggregates.targets.target import PartOfWhole, Target, TargetPartChanged, TargetSet
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings
from commands.plain import verbs
from commands.targets.breakdown import BreakDownTarget, NoPart, Part
from commands.targets.target import (
    ChangeTarget,
    OneLevel,
    OtherMeasure,
    SetTarget,
    WithdrawTarget,
)

register = verbs(Department).register
year = SetTarget(id="Y", metric="amount", period="2026", amount=1_000, currency="CNY")
quarters = BreakDownTarget(id="Y", by="quarter")
differ = ChangeSettings(id="targets.breakdown", values={"parts": "differ"}, reason="stretch")


def company() -> World:
    world = World()
    world.ask(register(id="sales", name="Sales"), register(id="east", name="E", parent="sales"))
    world.ask(HireRep(id="li", name="Li", department="east", region="north"), year)
    return world


@given(
    st.integers(0, 10**15),
    st.lists(st.one_of(st.none(), st.integers(0, 10**12)), min_size=1, max_size=60),
)
def test_parts_left_open_come_to_what_is_left_and_differ_by_one_at_most(
    whole: int, told: list[int | None]
) -> None:
    found = shared(whole, told)
    open_ones = [got for got, said in zip(found, told, strict=True) if said is None]
    assert [got for got, said in zip(found, told, strict=True) if said is not None] == [
        said for said in told if said is not None
    ]
    if open_ones:
        assert max(open_ones) - min(open_ones) <= 1
        assert sum(found) == max(whole, sum(said or 0 for said in told))


@given(st.dates(date(2001, 1, 1), date(2998, 12, 31)), st.sampled_from(LENGTHS))
def test_periods_of_a_year_follow_one_another_without_a_gap(
    day: date, length: period.Length
) -> None:
    first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    found = list(period.within(length, first, last))
    days = [(one.last - one.first).days + 1 for one in found]
    assert sum(days) == (last - first).days + 1
    assert all(period.period(one.name) is not None for one in found)
    assert len(found) in {"year": {1}, "quarter": {4}, "month": {12}, "week": {53, 54}}[length]


@pytest.mark.parametrize("name", ["2026-Q5", "2026-13", "2026-W54", "2025-W53", "26", "2026-1"])
def test_what_is_no_period_is_none(name: str) -> None:
    assert period.period(name) is None


def test_a_part_is_changed_with_the_others_unless_parts_may_differ() -> None:
    world = company()
    world.ask(quarters)
    one = ChangeTarget(id="Y.2026-Q1", amount=300, reason="late")
    assert "Y" in world.refuses(one, PartOfWhole)
    world.refuses(
        BreakDownTarget(id="Y", by="quarter", parts=(Part(of="2026-Q1", amount=9),)), PartsDisagree
    )
    world.ask(differ)
    told = world.ask(one)[-1]
    assert told == TargetPartChanged("quarter", "Y.2026-Q1", 300, -50, "CNY")
    parts = (Part(of="2026-Q1", amount=300), Part(of="2026-Q2"))
    world.ask(BreakDownTarget(id="Y", by="quarter", parts=parts))
    assert world.load(Target, "Y.2026-Q3").gone
    assert world.load(Target, "Y.2026-Q2").value == 700
    again = world.ask(quarters)
    assert [event.value for event in again if isinstance(event, TargetSet)] == [250, 250]


def test_a_target_is_withdrawn_with_all_below_it() -> None:
    world = company()
    world.ask(quarters, BreakDownTarget(id="Y.2026-Q1", by="month"))
    world.ask(WithdrawTarget(id="Y", reason="new plan"))
    assert world.load(Target, "Y.2026-Q1.2026-02").gone
    world.refuses(quarters, Unknown)
    assert world.ask(year) != ()


def test_a_part_lies_within_the_whole_and_beside_the_others() -> None:
    world = company()

    def refused(by: str, *names: str, id: str = "Y") -> str:
        parts = tuple(Part(of=name) for name in names)
        return world.refuses(BreakDownTarget(id=id, by=by, parts=parts), NoPart)

    assert "outside" in refused("month", "2027-01")
    assert "no quarter" in refused("quarter", "2026-01")
    assert "twice" in refused("department", "sales", "east")
    assert "once" in refused("rep", "li", "li")
    world.ask(BreakDownTarget(id="Y", by="rep", parts=(Part(of="li"),)))
    assert "one person" in refused("department", "east", id="Y.rep.li")
    world.ask(BreakDownTarget(id="Y", by="product", parts=(Part(of="tea"),)))
    assert "by product" in refused("product", "cup", id="Y.product.tea")


def test_money_is_no_number_and_a_person_no_department() -> None:
    world = company()
    told = year.model_copy
    world.refuses(told(update={"id": "A", "number": 3}), OtherMeasure)
    world.refuses(told(update={"id": "A", "currency": None}), OtherMeasure)
    world.refuses(
        told(update={"id": "A", "metric": "cash_collected", "product": "tea"}), OtherMeasure
    )
    world.refuses(told(update={"id": "A", "rep": "li", "department": "east"}), OneLevel)
