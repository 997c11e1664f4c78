"""Settings: changed from an instant on, and in force as everybody would reckon by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scenario import NOON, World

from aggregates.loyalty.earning import EarningSettings
from aggregates.organisation.settings import CompanySettings, SettingsInPast
from aggregates.settings import SettingsModel
from commands.organisation.settings import ChangeSettings
from commands.settings import in_force, of_version
from services.bootstrap import CONTEXTS

ID = EarningSettings.id
DAY = timedelta(days=1)
CHANGES = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["points", "per", "years"]), st.integers(1, 5), min_size=1),
        st.none() | st.integers(0, 6),  # days ahead
    ),
    max_size=8,
)


def change(valid_from: datetime | str | None = None, **values: Any) -> ChangeSettings:
    return ChangeSettings(id=ID, values=values, valid_from=valid_from, reason="a new programme")


def at(world: World, moment: datetime) -> EarningSettings:
    return in_force(world.load, EarningSettings, moment).settings


@given(CHANGES)
def test_each_field_is_as_it_was_set_last_by_then(
    changes: list[tuple[dict[str, int], int | None]],
) -> None:
    """As if each field had a calendar of its own, however the changes lie."""
    world, told = World(), list[tuple[datetime, dict[str, int]]]()
    for number, (values, ahead) in enumerate(changes):
        now = NOON + number * DAY
        since = None if ahead is None else now + ahead * DAY
        world.ask(change(since, **values), at=now)
        told.append((since or now, values))
    for days in range(16):
        moment, expected = NOON + days * DAY, EarningSettings().values()
        for since, values in sorted(told, key=lambda one: one[0]):  # stable: the newest last
            expected |= values if since <= moment else {}
        assert at(world, moment).values() == expected


def test_a_change_holds_from_its_instant_on_and_no_earlier() -> None:
    world = World()
    world.ask(change(NOON + DAY, points=2))
    assert at(world, NOON + DAY - timedelta(microseconds=1)).points == 1
    assert at(world, NOON + DAY).points == 2


def test_a_change_does_not_undo_what_is_scheduled_nor_is_undone_by_it() -> None:
    world = World()
    world.ask(change(NOON + 2 * DAY, points=3), change(NOON + DAY, per=10))
    assert at(world, NOON + DAY) == EarningSettings(1, 10)
    assert at(world, NOON + 2 * DAY) == EarningSettings(3, 10)


def test_a_change_for_the_past_is_refused_with_both_dates() -> None:
    said = World().refuses(change(NOON - DAY, points=2), SettingsInPast)
    assert "2026-03-01T20:00:00+08:00 has passed: it is 2026-03-02T20:00:00+08:00" in said


def test_a_change_that_is_entered_later_cannot_be_dated_back() -> None:
    with pytest.raises(ValidationError, match="valid_from"):
        ChangeSettings(id=ID, values={"points": 2}, reason="x", occurred_at=NOON)


def test_a_change_for_today_holds_from_now_on() -> None:
    world = World()
    world.ask(change("2026-03-02", points=2))
    assert (at(world, NOON - DAY).points, at(world, NOON).points) == (1, 2)


def test_an_event_names_the_version_it_was_decided_by() -> None:
    world = World()
    assert in_force(world.load, EarningSettings, NOON).version is None
    world.ask(change(points=2), change(NOON + DAY, points=3))
    assert in_force(world.load, EarningSettings, NOON).version == f"{ID}:1"
    assert in_force(world.load, EarningSettings, NOON + DAY).version == f"{ID}:2"
    assert of_version(world.load, EarningSettings, f"{ID}:1").points == 2
    assert of_version(world.load, EarningSettings, None) == EarningSettings()


@pytest.mark.parametrize(
    ("values", "where", "code"),
    [
        ({"points": 0}, ("values", "points"), "greater_than_equal"),
        ({"points": 1_001}, ("values", "points"), "less_than_equal"),
        ({"points": "2"}, ("values", "points"), "int_type"),
        ({"points": None}, ("values", "points"), "int_type"),
        ({"pionts": 2}, ("values", "pionts"), "extra_forbidden"),
        ({}, ("values",), "too_short"),
    ],
)
def test_a_value_that_does_not_fit_is_named_by_its_field(
    values: dict[str, Any], where: tuple[str, ...], code: str
) -> None:
    with pytest.raises(ValidationError) as found:
        change(**values)
    assert [(one["loc"], one["type"]) for one in found.value.errors()] == [(where, code)]


def test_settings_that_nobody_has_are_named_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match=r"such as loyalty\.earning"):
        ChangeSettings(id="loyalty.earnings", values={"points": 2}, reason="x")


def test_settings_of_another_build_are_read_with_what_this_one_knows() -> None:
    old = {"points": 2, "colour": "red"}
    assert EarningSettings.of(old) == EarningSettings(points=2)


def test_every_model_of_settings_belongs_to_the_context_that_registers_it() -> None:
    registered = [(context.name, one) for context in CONTEXTS for one in context.settings]
    known = {one for one in SettingsModel.known.values() if one.__module__.startswith("aggregates")}
    assert {model for _, model in registered} == known
    for context, model in registered:
        assert model.id.partition(".")[0] == context == model.__module__.split(".")[1]
        assert model.__doc__
        model().check()


def test_a_snapshot_keeps_the_versions() -> None:
    world = World()
    world.ask(change(NOON + DAY, points=2))
    kept = world.load(CompanySettings, ID)
    assert msgspec.json.decode(msgspec.json.encode(kept), type=CompanySettings) == kept


def test_a_moment_without_a_zone_is_no_date_of_a_change() -> None:
    with pytest.raises(ValidationError):
        change(datetime(2026, 4, 1).isoformat(), points=2)
    assert change(datetime(2026, 4, 1, tzinfo=UTC), points=2).valid_from is not None
