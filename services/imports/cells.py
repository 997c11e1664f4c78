"""A cell as people fill it becomes what the strict field of a command wants, or is refused."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from pydantic import TypeAdapter, ValidationError

from aggregates import calendar
from aggregates.currency import EXPONENTS
from commands import When
from services.faults import Words
from services.imports.sources import Cell
from services.strict_json import fault_in

GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,30})?")
EMPTY_FRACTION = re.compile(r"([+-]?[0-9]+)\.(0|00)")
"""A fraction of three noughts may as well be a group of thousands: it is asked about."""
MOMENT = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
    r"(?:[Tt\s]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "1", "是", "对", "有"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "不", "无"), False),
}
REMEMBERED = 1_000
"""Cells of a column repeat: so many answers are kept."""
LONGEST_WHOLE = 999_999_999_999_999
"""Spreadsheets round whatever has more digits."""


class BadCell(Exception):
    """A cell cannot be read as what its column wants."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.words: Words = en, zh


Convert = Callable[[Any], Any]
WHEN: TypeAdapter[datetime] = TypeAdapter(When)


def text(cell: Cell) -> str:
    """What a cell shows: a number without an empty fraction, a day or an instant by ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def name(cell: Cell) -> str:
    """An id or another text; a number so long that spreadsheets round it is refused."""
    if isinstance(cell, int | float) and abs(cell) > LONGEST_WHOLE:
        raise BadCell(
            "Spreadsheets round numbers of more than 15 digits: format the column as text and"
            " enter it again",
            "电子表格会对超过 15 位的数字取整：请将该列设为文本格式后重新填写",
        )
    return text(cell)


def _number(value: float) -> str:
    plain = Decimal(repr(value))
    return str(plain.quantize(Decimal(1))) if plain == plain.to_integral() else f"{plain:f}"


def plain(cell: Cell) -> str:
    """A number as text, in the digits of ASCII and without its grouping."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise _no_number()
    shown = unicodedata.normalize("NFKC", text(cell)).strip()
    shown = shown.replace("−", "-")
    return shown.replace(",", "") if GROUPED.fullmatch(shown) else shown


def whole(cell: Cell) -> int:
    """A whole number: 1200, "1,200" and 12.0 are, 12.5 and "1,2" are not."""
    shown = plain(cell)
    if empty := EMPTY_FRACTION.fullmatch(shown):
        shown = empty[1]
    if not DECIMAL.fullmatch(shown) or "." in shown:
        raise BadCell(
            "Write a whole number with digits alone, such as 1200",
            "请只用数字填写整数，例如 1200",
        )
    return int(shown)


def minor_units(cell: Cell) -> int:
    """An amount in minor units: whoever writes a fraction, even an empty one, means major ones."""
    if "." in plain(cell):
        raise BadCell(
            "Amounts of this column are in minor units: write 1950 for 19.50, or import it with"
            " money=major",
            "本列金额以最小货币单位（分）填写：19.50 请写作 1950，或以 money=major 导入",
        )
    return whole(cell)


def minor(cell: Cell, currency: str) -> int:
    """An amount in major units of that currency, exactly in its minor units."""
    shown = plain(cell)
    if not DECIMAL.fullmatch(shown):
        raise _no_number()
    amount = Decimal(shown).scaleb(EXPONENTS[currency])
    if amount != amount.to_integral():
        digits = EXPONENTS[currency]
        raise BadCell(
            f"{currency} has {digits} decimal places: round the amount to them",
            f"{currency} 只有 {digits} 位小数：请将金额取到该位数",
        )
    return int(amount)


def _no_number() -> BadCell:
    return BadCell("Write a number such as 18.50", "请填写数字，例如 18.50")


def moment(cell: Cell) -> Any:
    """A day, as the strict fields want it, or an instant by the company's clock."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else _here(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return text(cell)
    read = _written(cell)
    return _here(read) if isinstance(read, datetime) else read


def begun(cell: Cell) -> Any:
    """The same for a field that takes an instant or a day: a day is its beginning at once."""
    read = moment(cell)
    return _begun(read, calendar.zone()) if isinstance(read, str) else read


@lru_cache(REMEMBERED)
def _begun(read: str, _: str) -> Any:
    """Checked once for all rows of that day; the zone tells whose day it is."""
    try:
        return WHEN.validate_python(read)
    except ValidationError:
        return read  # the field says what is wrong with it


@lru_cache(REMEMBERED)
def _written(cell: str) -> str | datetime:
    """The day as the strict fields want it, or the day and time that a clock shows."""
    found = MOMENT.fullmatch(unicodedata.normalize("NFKC", cell))
    if found is None:
        return cell
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        if found[4] is None:
            return date(year, month, day).isoformat()
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - no zone yet
    except ValueError:
        raise BadCell(
            "There is no such day or time: write it as 2026-01-05 or 2026-01-05 09:30",
            "没有这个日期或时间：请填写如 2026-01-05 或 2026-01-05 09:30",
        ) from None


def _here(naive: datetime) -> datetime:
    return calendar.moment(naive.date(), naive.time())


def truth(cell: Cell) -> bool:
    found = TRUTHS.get(text(cell).casefold())
    if found is None:
        raise BadCell("Write yes or no", "请填写 是 或 否")
    return found


def choice(known: dict[str, str]) -> Convert:
    """One of several values, by itself or by a label; what is unknown is left to the field."""

    @lru_cache(REMEMBERED)
    def convert(cell: Cell) -> str:
        shown = text(cell)
        return known.get(folded(shown), shown)

    return convert


def json(cell: Cell) -> Any:
    """A list as JSON says it."""
    said = text(cell)
    if fault := fault_in(said):
        where = ".".join(map(str, fault.path))
        raise BadCell(f"{where}: {fault.en}", f"{where}：{fault.zh}")
    try:
        return msgspec.json.decode(said)
    except msgspec.DecodeError:
        raise BadCell(
            'Write the list as JSON, such as [{"item": "P-1", "quantity": 2}]',
            '请按 JSON 填写列表，例如 [{"item": "P-1", "quantity": 2}]',
        ) from None


def lines(but: Collection[str]) -> Convert:
    """A list of lines as JSON says it, without what an export shows of them besides."""

    def convert(cell: Cell) -> Any:
        found = json(cell)
        if not isinstance(found, list):
            return found
        return [
            {name: value for name, value in one.items() if name not in but}
            if isinstance(one, dict)
            else one
            for one in found
        ]

    return convert


def listed(cell: Cell) -> Any:
    """Several ids: as JSON, or with commas, semicolons or blanks between them."""
    shown = text(cell)
    return json(shown) if shown.startswith("[") else re.split(r"[\s,;，；、]+", shown)


def folded(label: str) -> str:
    """A name as it is compared: case, blanks, hyphens and underscores do not count."""
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", label)).casefold()
