"""Conditions are read as they are written, and what cannot be read is told with its place."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates import where
from aggregates.calendar import day_start
from aggregates.conditions import AllOf, AnyOf, Condition, Not, Tree, as_predicate
from aggregates.unclear import Unclear
from infra.clock import micros
from projections.opportunities.opportunity import record
from services.lists import days
from services.lists.terms import Asker, Terms
from services.lists.words import Wording, text

TODAY = date(2026, 11, 29)
TERMS = Terms(record, Asker("li", TODAY), {})


def read(asked: str) -> Tree:
    return where.parse(asked, TERMS.tree)


def at(day: str) -> int:
    return micros(day_start(date.fromisoformat(day)))


EAST, RICH = Condition("region", "", ["east"]), Condition("amount", "gte", [100])
TEA = Condition("title", "contains", ["茶"])


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("region=east", EAST),
        ("region = east", EAST),
        ('region="east"', EAST),
        ("((region=east))", EAST),
        ("region=east and amount.gte=100 and title.contains=茶", AllOf([EAST, RICH, TEA])),
        (
            "(region=east and amount.gte=100) or title.contains=茶",
            AnyOf([AllOf([EAST, RICH]), TEA]),
        ),
        (
            "region=east AND (amount.gte=100 Or title.contains=茶)",
            AllOf([EAST, AnyOf([RICH, TEA])]),
        ),
        ("not region=east and amount.gte=100", AllOf([Not(EAST), RICH])),
        ("not(region=east or amount.gte=100)", Not(AnyOf([EAST, RICH]))),
        ('title="a (b) \\"and\\" c"', Condition("title", "", ['a (b) "and" c'])),
        ("title=order-and", Condition("title", "", ["order-and"])),
        ("title=a=b", Condition("title", "", ["a=b"])),
        ("rep=me", Condition("rep", "", ["li"])),
        ("title=me", Condition("title", "", ["me"])),
        ("expected_close.lt=next-month", Condition("expected_close", "lt", ["2026-12-01"])),
        (
            "expected_close=+7d",
            Condition("expected_close", "within", [("2026-12-06", "2026-12-07")]),
        ),
    ],
)
def test_conditions_are_joined_as_brackets_say(asked: str, meant: Tree) -> None:
    assert read(asked) == meant


@pytest.mark.parametrize(
    ("asked", "place", "code", "write"),
    [
        ("region=a and amount=1 or rep=b", "At character 23, or rep=b", "mixed", "(a=1 and b=2)"),
        ("(region=a and (amount=1", "At character 15, (amount=1", "bracket", "write )"),
        ("region=a)", "At character 9, )", "bracket", "leave it out"),
        ("region=a rep=b", "At character 10, rep=b", "joint", "and or or"),
        ("region=Tea House", "At character 12, House", "joint", '"a b"'),
        ("region=a and", "At the end", "condition", "region=east"),
        ("", "At the end", "condition", "region=east"),
        ("region", "At the end", "sign", "Write = after region"),
        ("amount>=5", "At character 7, >=5", "sign", "amount.gte="),
        ("region=", "At the end", "value", "region.empty=true"),
        ('region="a', 'At character 8, "a', "quoted", "ends with one"),
        ("region=（a）", "At character 8, （a）", "value", "quotation marks"),
        ("region=a and amont=1", "At character 14, amont=1", "unknown_field", "amount"),
        ("amount.get=1", "At character 1", "unknown_field", "amount.gt?"),
        ("amount=x", "At character 1, amount=x", "digits", "100"),
        ("opened_at=32-01", "At character 1", "instant", "last-month"),
        ("(" * 12 + "region=a", "At character 12", "too_deep", "10 brackets"),
        (" or ".join(["region=a"] * 501), "", "too_many", "500"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place_and_what_to_write(
    asked: str, place: str, code: str, write: str
) -> None:
    with pytest.raises(Unclear) as told:
        read(asked)
    assert (told.value.parameter, told.value.code) == ("where", code)
    assert place in str(told.value)
    assert write in str(told.value)
    assert told.value.zh != str(told.value)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("today", "2026-11-29", "2026-11-29"),
        ("yesterday", "2026-11-28", "2026-11-28"),
        ("-30d", "2026-10-30", "2026-10-30"),
        (" 7d", "2026-12-06", "2026-12-06"),
        ("-2w", "2026-11-15", "2026-11-15"),
        ("this-week", "2026-11-23", "2026-11-29"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("next-quarter", "2027-01-01", "2027-03-31"),
        ("this-year", "2026-01-01", "2026-12-31"),
    ],
)
def test_days_are_told_from_today_on(asked: str, first: str, last: str) -> None:
    found = days.span(asked, TODAY)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_an_instant_is_compared_with_the_whole_of_a_span() -> None:
    name, begun, over = "opened_at", at("2026-10-01"), at("2026-11-01")
    assert read("opened_at=last-month") == Condition(name, "within", [(begun, over)])
    assert read("opened_at.not=last-month") == Not(Condition(name, "within", [(begun, over)]))
    assert read("opened_at.gte=last-month") == Condition(name, "gte", [begun])
    assert read("opened_at.lt=last-month") == Condition(name, "lt", [begun])
    assert read("opened_at.gt=last-month") == Condition(name, "gte", [over])
    assert read("opened_at.lte=last-month") == Condition(name, "lt", [over])


def test_a_question_is_told_in_words_of_the_readers_language() -> None:
    asked = (
        "(status=open and opened_at=this-month and opened_at.gte=2026-11-03T09:30:00+08:00)"
        " or not (lost_reason=price or source.empty=true)"
    )
    assert Wording(record, "en").tree(read(asked)) == (
        "(Status is Open and Opened at from 2026-11-01 to 2026-11-30 and Opened at from"
        " 2026-11-03T09:30:00+08:00 on) or not (Lost reason is Price or Source is empty)"
    )
    assert Wording(record, "zh-CN").tree(read(asked)) == (
        "（状态是未结 且 创建时间在 2026-11-01 至 2026-11-30 且"
        " 创建时间不早于 2026-11-03T09:30:00+08:00） 或 并非（输单原因是价格 或 客户来源为空）"
    )


VALUES = st.one_of(
    st.sampled_from(["", "east", "a b", 'say "x"', "(茶)", "and", "or b", "\\", "=", "me"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
)
DATES = st.sampled_from(["today", "2026-11-20", "last-month", "2026-11-29T08:00:00.000001+08:00"])
LEAVES = st.one_of(
    st.tuples(st.sampled_from(["region", "source.not", "title.contains"]), VALUES),
    st.tuples(st.sampled_from(["amount.gt", "amount"]), st.integers(-3, 3).map(str)),
    st.tuples(st.sampled_from(["opened_at", "opened_at.not", "opened_at.gte"]), DATES),
    st.tuples(st.sampled_from(["expected_close", "expected_close.lte"]), DATES.filter(len)),
    st.tuples(st.just("source.empty"), st.sampled_from(["true", "false"])),
)


def leaf(told: tuple[str, str]) -> Tree:
    given_name, value = told
    if given_name.startswith("expected_close") and len(value) > 10:
        value = "today"
    return TERMS.tree(given_name, [value])


TREES = st.recursive(
    LEAVES.map(leaf),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(AllOf),
        st.lists(inner, min_size=1, max_size=3).map(AnyOf),
        inner.map(Not),
    ),
    max_leaves=6,
)
ROWS = [
    {"region": region, "source": source, "title": title, "amount": amount} | dates
    for region, source, title, amount in (
        ("east", None, "a b", 0),
        ("", "", "(茶)", 2),
        ("a b", "east", 'say "x" or b', -1),
        ("me", "me", "\\=and", 3),
    )
    for dates in (
        {"opened_at": at("2026-11-29"), "expected_close": None},
        {"opened_at": at("2026-10-31") + 1, "expected_close": "2026-11-20"},
        {"opened_at": at("2026-11-29") + 8 * 3_600_000_000 + 1, "expected_close": "2026-10-31"},
    )
]


@settings(max_examples=200)
@given(TREES)
def test_what_is_echoed_asks_for_the_same_on_any_other_day(tree: Tree) -> None:
    later = Terms(record, Asker("wu", date(2031, 5, 5)), {})
    again = where.parse(text(tree, record), later.tree)
    fits, same = as_predicate(tree), as_predicate(again)
    assert [fits(row) for row in ROWS] == [same(row) for row in ROWS]


@settings(max_examples=300)
@given(st.text("region=east amount.gte=10()\"'\\andorty茶\n", max_size=30))
def test_whatever_is_written_is_read_or_told_to_be_wrong(asked: str) -> None:
    try:
        found: Any = read(asked)
    except Unclear as error:
        found = error.zh
    assert found
