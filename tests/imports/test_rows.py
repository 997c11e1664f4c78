"""The same row twice changes nothing; a corrected row, or a missing one, is made good."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from commands.catalog.product import AddProduct, RepriceProduct
from infra import tables
from services.bootstrap import Platform
from services.imports import rows

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def platform(found, tmp_path: Path) -> Platform:
    return found(tmp_path)


def add(name: str = "Tea", id: str = "p1") -> rows.Row:
    what = {"name": name, "category": "Drinks", "unit": "each", "list_price": 100}
    return f"add {id}", AddProduct(id=id, **what, currency="EUR", occurred_at=AT)


def reprice(price: int, id: str = "p1") -> rows.Row:
    return f"price {id}", RepriceProduct(id=id, list_price=price, occurred_at=AT)


def load(platform: Platform, *asked: rows.Row) -> rows.Report:
    return rows.load(platform, "shop", asked)


def test_the_same_rows_twice_change_nothing(platform: Platform) -> None:
    first, again = load(platform, add(), reprice(120)), load(platform, add(), reprice(120))
    assert (first.accepted, first.repeated, first.events) == (2, 0, 2)
    assert (again.accepted, again.repeated, again.events) == (0, 2, 0)
    assert again.position == first.position == 2


def test_a_corrected_row_is_a_new_command(platform: Platform) -> None:
    load(platform, add(), reprice(120))
    corrected = load(platform, add(), reprice(130))
    assert (corrected.accepted, corrected.repeated, corrected.events) == (1, 1, 1)


def test_two_sources_may_name_their_rows_alike(platform: Platform) -> None:
    load(platform, add())
    other = rows.load(platform, "other", [add(id="p1"), reprice(90)])
    assert (other.accepted, other.repeated) == (1, 1)  # the product is there, the price is new


def test_a_refused_row_is_told_with_its_rule_and_what_to_do(platform: Platform) -> None:
    report = load(platform, add(), reprice(120, "p2"), reprice(120))
    (refused,) = report.refused
    assert (refused.key, refused.rule) == ("price p2", "Unknown")
    assert "Add the product first" in refused.message
    assert report.accepted == 2
    assert "price p2: Unknown" in str(report)


def test_what_was_refused_for_a_missing_row_is_accepted_once_that_row_is_there(
    platform: Platform,
) -> None:
    load(platform, add(), reprice(120, "p2"))
    mended = load(platform, add(), add("Coffee", "p2"), reprice(120, "p2"))
    assert (mended.accepted, mended.repeated, mended.refused) == (2, 1, [])
    again = load(platform, add(), add("Coffee", "p2"), reprice(120, "p2"))
    assert (again.events, again.refused, again.position) == (0, [], mended.position)


def test_asking_again_in_vain_leaves_no_trace(platform: Platform) -> None:
    for _ in range(4):
        report = load(platform, add(), reprice(120, "p2"))
        assert len(report.refused) == 1
        with platform.database.read() as connection:
            keys = connection.execute(select(func.count()).select_from(tables.keys)).scalar_one()
    assert (report.position, keys) == (1, 1)


def test_progress_counts_every_row(platform: Platform) -> None:
    told: list[tuple[int, int | None]] = []
    many = [add(id=f"p{n}") for n in range(600)]
    rows.load(platform, "shop", many, lambda done, total: told.append((done, total)), 600)
    assert told == [(250, 600), (500, 600), (600, 600)]


def test_a_stranger_is_told_from_a_repeat(platform: Platform) -> None:
    assert not rows.stranger(platform, "shop", add())
    load(platform, add())
    assert not rows.stranger(platform, "shop", add())
    assert rows.stranger(platform, "shop", add("Green tea"))
