"""Stored bytes stay readable: what a newer build added, and what an older one wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.codec import Codec, UnknownEvent


class Line(NamedTuple):
    item: str
    quantity: int


@dataclass(frozen=True)
class Weighed:
    """An event with every kind of value that events hold."""

    name: str
    weight: Decimal
    at: datetime
    day: date | None
    lines: tuple[Line, ...]
    held: Mapping[str, int] = field(default_factory=dict)
    shelves: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Priced:
    """Shipped as `price`, then as `amount`, now with the currency and a shelf for each number."""

    schema: ClassVar[int] = 3
    amount: int
    currency: str
    at: datetime
    shelves: Mapping[int, str] = field(default_factory=dict)


def renamed(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "amount": data.pop("price")}


def with_currency(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "currency": "CNY"}


CODEC = Codec(
    {"Weighed": Weighed, "Priced": Priced}, {("Priced", 1): renamed, ("Priced", 2): with_currency}
)
NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
WEIGHED = st.builds(
    Weighed,
    name=st.text(st.characters(exclude_categories=["Cs"])),
    weight=st.decimals(allow_nan=False, allow_infinity=False),
    at=st.datetimes(timezones=st.just(UTC)),
    day=st.none() | st.dates(),
    lines=st.lists(st.builds(Line, st.text("αβ\t\n\0"), st.integers(-(2**63), 2**63))).map(tuple),
    held=st.dictionaries(st.text("ab"), st.integers(0, 9)),
    shelves=st.dictionaries(st.integers(0, 9), st.text("ab")),
)


@given(WEIGHED)
def test_what_is_written_is_read(event: Weighed) -> None:
    assert CODEC.decode("Weighed", 1, CODEC.encode(event)) == event


def test_a_decimal_keeps_every_digit() -> None:
    event = Weighed("rice", Decimal("1.10"), NOON, None, ())
    assert b'"weight":"1.10"' in CODEC.encode(event)


def test_fields_of_a_newer_build_are_passed_over() -> None:
    data = b'{"amount":5,"currency":"CNY","at":"2024-02-29T12:00:00Z","from":{"the":"future"}}'
    assert CODEC.decode("Priced", 3, data) == Priced(5, "CNY", NOON)


@pytest.mark.parametrize(
    ("schema", "data"),
    [(1, {"price": 5}), (2, {"amount": 5}), (3, {"amount": 5, "currency": "CNY"})],
)
def test_every_version_ever_shipped_is_read(schema: int, data: dict[str, Any]) -> None:
    data |= {"at": "2024-02-29T12:00:00Z", "shelves": {"7": "top"}}
    event = CODEC.decode("Priced", schema, msgspec.json.encode(data))
    assert event == Priced(5, "CNY", NOON, {7: "top"})


@pytest.mark.parametrize(
    ("name", "schema", "why"),
    [
        ("Priced", 4, "knows up to 3"),
        ("Unheard", 1, "no such event"),
        ("Priced", 0, "no upcaster"),
    ],
)
def test_what_this_build_cannot_read_is_named(name: str, schema: int, why: str) -> None:
    with pytest.raises(UnknownEvent, match=why):
        CODEC.decode(name, schema, b"{}")


def test_data_of_another_shape_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected `int`"):
        CODEC.decode("Priced", 3, b'{"amount":"5","currency":"CNY","at":"2024-02-29T12:00:00Z"}')
