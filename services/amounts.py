"""Amounts as people read them: in major units, under a header that says so.

A program reads whole minor units under the field's own name. A person's column says behind its
label which units it is in, so that 10 is never taken for 0.10.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from aggregates.currency import EXPONENTS

Units = Literal["major", "minor"]
SAID: Mapping[Units, Mapping[str, str]] = {
    "major": {"en": "major units", "zh-CN": "主币单位"},
    "minor": {"en": "minor units", "zh-CN": "辅币单位"},
}
OTHERWISE: Mapping[str, Units] = {"元": "major", "分": "minor"}
"""What people write themselves behind a label."""
BEHIND = re.compile(r"(.*?)\(([^()]*)\)")


def header(label: str, units: Units, language: str) -> str:
    """What a column of amounts is called."""
    said = SAID[units][language]
    return f"{label} ({said})" if language == "en" else f"{label}（{said}）"


def split_unit(folded: str) -> tuple[str, str | None]:
    """The label of a header, and the units or the currency that it says behind it."""
    found = BEHIND.fullmatch(folded)
    if found is None:
        return folded, None
    label, behind = found.groups()
    units = _known().get(behind)
    if units is None and behind.upper() in EXPONENTS:
        return label, behind.upper()
    return (folded, None) if units is None else (label, units)


def _known() -> dict[str, Units]:
    """The units by how a header says them: without blanks, in small letters."""
    said = {word.replace(" ", ""): units for units, by in SAID.items() for word in by.values()}
    return {**said, **OTHERWISE}


def major(amount: int, currency: str | None) -> Decimal | None:
    """The amount in major units; None where nobody knows the currency's decimals."""
    digits = EXPONENTS.get(currency or "")
    if digits is None:
        return Decimal(0) if amount == 0 else None
    return Decimal(amount).scaleb(-digits)
