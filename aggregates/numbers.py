"""How documents are numbered that come without an id: `SO-202611-00042`."""

import re
from datetime import date
from typing import Annotated, Literal

from aggregates import Refused
from aggregates.marks import between
from aggregates.settings import SettingsModel

PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,15}")
LONGEST = 64
"""Characters of an id."""
FORMATS = {"none": "", "year": "%Y", "month": "%Y%m", "day": "%Y%m%d"}


class BadNumber(Refused):
    """A number is an id, and has to look like one."""


class NumberSettings(SettingsModel):
    """Whether a thing without an id gets the next number of its series, and what that looks like.

    A number is made of the prefix, the company, the period, what else series are apart by, and
    `digits` that count from 1 in each series.
    """

    automatic: bool = True
    prefix: str = ""
    company: str | None = None
    period: Literal["none", "year", "month", "day"] = "month"
    digits: Annotated[int, between(3, 12)] = 5

    @property
    def apart_by(self) -> str | None:
        """The dimension that has a series for each of its values, if there is one."""
        apart: str = getattr(self, "apart", "no")
        return None if apart == "no" else apart

    def check(self) -> None:
        for part in (self.prefix, self.company):
            if part is not None and not PART.fullmatch(part):
                raise BadNumber(
                    f"{part} cannot begin a number. Use 1 to 16 letters, digits, dots, hyphens or"
                    " underscores, the first a letter or digit.",
                    f"{part} 不能用于编号。请用 1 至 16 个英文字母、数字、点、连字符或下划线，"
                    "并以字母或数字开头。",
                )

    def series(self, day: date, value: str | None = None) -> str:
        """What all numbers of a series begin with."""
        parts = self.prefix, self.company, day.strftime(FORMATS[self.period]), value
        return "-".join(part for part in parts if part)

    def number(self, series: str, number: int) -> str:
        found = f"{series}-{number:0{self.digits}}"
        if len(found) > LONGEST:
            raise BadNumber(
                f"{found} has {len(found)} characters, and an id {LONGEST} at most. Give an id,"
                " or have the numbers shortened in the settings.",
                f"{found} 有 {len(found)} 个字符，而编号最多 {LONGEST} 个。"
                "请填写编号，或在设置中缩短编号。",
            )
        return found
