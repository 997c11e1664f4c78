"""What the fields of a request may hold, as strictly as JSON says it.

A number is a number, not a text or a truth that could be read as one; an instant is an RFC 3339
text with its offset; a day is a text such as 2026-01-05. Whoever sends anything else is told what
to write, in English and in Chinese.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    Strict,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic import StringConstraints as Constraints
from pydantic_core import PydanticCustomError

from aggregates import currency
from aggregates.calendar import LATEST, day_start
from aggregates.calendar import business_day as day_of
from aggregates.marks import MONEY, Marker

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
Id = Annotated[str, Constraints(pattern=f"^{ID.pattern}$")]
"""An id that is safe in a URL, in a stream's name and in a file."""
WRITTEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
"""What people write; no table of PostgreSQL holds a NUL, and no sheet the other controls."""
Text = Annotated[
    str, Constraints(min_length=1, max_length=200, strip_whitespace=True, pattern=WRITTEN)
]
LongText = Annotated[
    str, Constraints(min_length=1, max_length=2_000, strip_whitespace=True, pattern=WRITTEN)
]
Whole = Annotated[int, Strict()]
Truth = Annotated[bool, Strict()]
MOST_AT_ONCE = 1_000_000_000
"""As many as one quantity may be."""
Quantity = Annotated[Whole, Field(gt=0, le=MOST_AT_ONCE)]
Amount = Annotated[Whole, Field(ge=0, le=10**15), MONEY]
"""Money in minor units of its currency (fen, cents)."""
Share = Annotated[Whole, Field(ge=0, le=10_000), Marker(unit="basis_points")]
"""2500 is 25 %."""

VISIBLE = re.compile(r"^[\x21-\x7e]{1,200}$")
"""What a key or another name of a request may be: whatever any system can carry."""
RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
DIGITS = re.compile(r"[0-9]{1,19}")
FIRST = datetime(1900, 1, 1, tzinfo=UTC)
LAST = datetime.combine(LATEST, time(23, 59, 59), UTC)
"""Beyond these a mistake is likelier than a meaning; some places have no year 10000."""


def is_id(text: str) -> bool:
    """Whether a name, such as that of an account, is an id as well."""
    return ID.fullmatch(text) is not None


def each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """A list that is a set: who stands in it twice is in it."""
    return tuple(dict.fromkeys(names))


def fault(code: str, en: str, zh: str, /, **figures: Any) -> PydanticCustomError:
    """What is wrong with a value, in both languages; `figures` fill the braces of both."""
    return PydanticCustomError(code, en.format(**figures), {"zh": zh.format(**figures)})


def _instant(value: Any) -> Any:
    if isinstance(value, datetime) or (isinstance(value, str) and RFC_3339.fullmatch(value)):
        return value
    raise fault(
        "instant",
        "Write an instant as RFC 3339 says, with its offset: 2026-01-05T09:30:00+08:00",
        "请按 RFC 3339 填写时间并带上时区偏移，例如 2026-01-05T09:30:00+08:00",
    )


def _in_range(moment: datetime) -> datetime:
    if FIRST <= moment <= LAST:
        return moment
    raise _out_of_range(moment.isoformat())


def _out_of_range(given: str) -> PydanticCustomError:
    return fault(
        "instant_range",
        "{given} is out of range: give an instant from {first} to {last}",
        "{given} 超出范围：请填写 {first} 至 {last} 之间的时间",
        given=given,
        first=FIRST.date(),
        last=LAST.date(),
    )


def business_day(value: Any) -> date | None:
    """The day that a text such as 2026-01-05 names in place of an instant; None where it is one."""
    if isinstance(value, datetime) or (isinstance(value, str) and RFC_3339.fullmatch(value)):
        return None
    try:
        day = date.fromisoformat(value if ISO_DAY.fullmatch(value) else "")
    except (TypeError, ValueError):
        raise fault(
            "moment",
            "Write an instant with its offset, 2026-01-05T09:30:00+08:00, or a day, 2026-01-05",
            "请填写带时区偏移的时间（2026-01-05T09:30:00+08:00）或日期（2026-01-05）",
        ) from None
    if not FIRST.date() < day < LAST.date():
        raise _out_of_range(value)
    return day


class Begun(datetime):
    """The beginning of a business day that was told in place of an instant."""

    @property
    def last(self) -> datetime:
        """The last instant of that day."""
        day = day_of(self) + timedelta(days=1)
        return day_start(day) - timedelta(microseconds=1)


def last_of(at: datetime) -> datetime:
    """The instant, or the last one of the day that was told in its place."""
    return at.last if isinstance(at, Begun) else at


def _when(value: Any, instant: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, Begun):
        return value
    day = business_day(value)
    if day is None:
        return instant(value)
    start = day_start(day)
    return Begun.combine(start.date(), start.timetz())


def _day(value: Any) -> Any:
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise fault("day", "Write a day as 2026-01-05", "请按 2026-01-05 的格式填写日期")


def _day_in_range(day: date) -> date:
    if FIRST.date() <= day <= LAST.date():
        return day
    raise fault(
        "day_range",
        "{given} is out of range: give a day from {first} to {last}",
        "{given} 超出范围：请填写 {first} 至 {last} 之间的日期",
        given=day,
        first=FIRST.date(),
        last=LAST.date(),
    )


def _as_text(value: Any) -> Any:
    return value if isinstance(value, str) else value.isoformat()


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not DIGITS.fullmatch(value):
        raise fault(
            "digits", "Write a whole number with digits alone: 100", "请只用数字填写整数，例如 100"
        )
    return value


def _seconds(value: Any) -> Any:
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        raise fault("number", "Write a number such as 2.5", "请填写数字，例如 2.5")
    return value


def _currency(code: str) -> str:
    if code in currency.EXPONENTS:
        return code
    raise fault(
        "unknown_currency",
        "{code} is no currency of ISO 4217. Give its code, such as {nearest}.",
        "{code} 不是 ISO 4217 货币代码。请填写货币代码，例如 {nearest}。",
        code=code,
        nearest=currency.nearest(code),
    )


Instant = Annotated[AwareDatetime, BeforeValidator(_instant), AfterValidator(_in_range)]
Currency = Annotated[
    str,
    Constraints(pattern=r"^[A-Z]{3}$"),
    AfterValidator(_currency),
    Field(json_schema_extra={"enum": [*sorted(currency.EXPONENTS)]}),
]
"""A code of ISO 4217."""
When = Annotated[Instant, WrapValidator(_when, json_schema_input_type=datetime | date)]
"""An instant, or a day where the company keeps its books: some time on it."""
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_day_in_range)]
DayText = Annotated[Day, AfterValidator(_as_text), PlainSerializer(str)]
"""A day that is kept as text."""
Digits = BeforeValidator(_digits)
"""Marks a whole number of a query or a path, where all is text."""
Seconds = BeforeValidator(_seconds)
"""Marks a number of a query that may have a fraction."""
