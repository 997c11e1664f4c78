"""Days that are told from today on: `yesterday`, `-30d`, `last-month`."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from projections.engine.periods import ENDS

NEAR: Mapping[str, int] = {"yesterday": -1, "today": 0, "tomorrow": 1}
AWAY = re.compile(r"([+\- ]?)([0-9]{1,5})([dw])")
"""A plus that is not percent-encoded arrives as a blank."""
PLUS = re.compile(r" (?=\d\d:?\d\d$)")
"""Where the plus of an offset was, if it was not percent-encoded."""
PERIOD = re.compile(r"(this|last|next)-(week|month|quarter|year)")
WRITE = "today, yesterday, -30d, this-week, last-month, this-quarter, this-year"


class Span(NamedTuple):
    """From its first day to its last, both included."""

    first: date
    last: date


def span(text: str, today: date) -> Span | None:
    """The days that a text names, where it names them from today on."""
    if text in NEAR:
        return _days(today + timedelta(days=NEAR[text]))
    if found := AWAY.fullmatch(text):
        sign, number, unit = found.groups()
        days = int(number) * (7 if unit == "w" else 1)
        return _days(today + timedelta(days=-days if sign == "-" else days))
    if found := PERIOD.fullmatch(text):
        return _period(found[1], found[2], today)
    return None


def _days(day: date) -> Span:
    return Span(day, day)


def _period(which: str, name: str, today: date) -> Span:
    ends = ENDS[name]
    now = Span(*ends(today))
    if which == "last":
        return Span(*ends(now.first - timedelta(days=1)))
    return Span(*ends(now.last + timedelta(days=1))) if which == "next" else now
