"""Every row is checked without the log: what is good becomes commands, what is not is told."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from aggregates import MOST_SHOWN
from commands import Command
from services.faults import words_of
from services.imports import fields
from services.imports.cells import folded, text
from services.imports.columns import Bad, Plan
from services.imports.sources import Cell, CellFault, Row

TOTALS = frozenset(
    ["total", "totals", "grandtotal", "subtotal", "sum", "合计", "总计", "小计", "共计"]
)


class Group(NamedTuple):
    """Consecutive rows of a file that ask for one thing."""

    rows: list[Row]
    values: dict[str, Any]
    bad: list[tuple[int, Bad]]
    whole: bool = True
    """Whether each row has all of its cells."""


class Good(NamedTuple):
    """What rows ask for."""

    rows: list[Row]
    command: Command


class Poor(NamedTuple):
    """Rows that ask for nothing that can be understood, and why."""

    rows: list[Row]
    faults: list[CellFault]


def check(model: type[Command], plan: Plan, rows: Iterable[Row]) -> Iterator[Good | Poor]:
    """What each row, or each group of rows with one list, asks for."""
    validate = model.__pydantic_validator__.validate_python
    called = {name for field in fields.of(model) for name in field.called}
    groups = _groups(plan, rows) if plan.lines else _single(plan, rows)
    for group, last in _told_last(groups):
        if (odd := _odd(group.rows[0], called, last=last)) is not None:
            yield Poor(group.rows, [odd])
            continue
        faults = [CellFault(row, *bad) for row, bad in group.bad]
        command: Any = None
        try:
            command = validate(group.values) if group.whole else None
        except ValidationError as error:
            unreadable = {(fault.row, fault.column) for fault in faults}
            told = [_fault(plan, group, each) for each in _apart(plan, error)]
            faults += [fault for fault in told if (fault.row, fault.column) not in unreadable]
        if faults:
            yield Poor(group.rows, faults)
        else:
            yield Good(group.rows, command)


def _single(plan: Plan, rows: Iterable[Row]) -> Iterator[Group]:
    for row in rows:
        number, cells = row
        if not _fits(plan, cells):
            yield _ragged(plan, row)
            continue
        bad: list[Bad] = []
        values = plan.read(cells, bad)
        yield Group([row], values, [(number, each) for each in bad])


def _groups(plan: Plan, rows: Iterable[Row]) -> Iterator[Group]:
    """Rows whose own fields are equal, or empty after the first, are one: each has a line."""
    group: Group | None = None
    key: list[Cell] = []
    for row in rows:
        number, cells = row
        if not _fits(plan, cells):
            if group is not None:
                yield group
            group = None
            yield _ragged(plan, row)
            continue
        own = [cells[column.at] for column in plan.own]
        bad: list[Bad] = []
        if group is None or (any(own) and own != key):
            if group is not None:
                yield group
                bad += _same_id(plan, key, own)
            group, key = Group([], plan.read(cells, bad), []), own
            group.values[plan.list_name] = []
        group.values[plan.list_name].append(plan.line(cells, bad, group.values))
        group.rows.append(row)
        group.bad.extend((number, each) for each in bad)
    if group is not None:
        yield group


def _same_id(plan: Plan, before: list[Cell], own: list[Cell]) -> Iterator[Bad]:
    """Two rows in succession are of one thing by their id, and differ in what it is."""
    differs = [n for n, cell in enumerate(own) if cell != before[n]]
    at = next((n for n, column in enumerate(plan.own) if column.name == "id"), None)
    if at is not None and at not in differs:
        column = plan.own[differs[0]]
        yield (
            column.header,
            text(own[differs[0]]),
            (
                f"The row before has the same id and another {column.header}:"
                f" {text(before[differs[0]])}. Give both the same, or another id.",
                f"上一行编号相同，但{column.header}为 {text(before[differs[0]])}。"
                "请使两行一致，或换一个编号。",
            ),
        )


def _fits(plan: Plan, row: list[Cell]) -> bool:
    """Whether a row has the header's columns; what is empty beyond them does not count."""
    if len(row) > plan.width and not any(row[plan.width :]):
        del row[plan.width :]
    return len(row) == plan.width


def _told_last(groups: Iterable[Group]) -> Iterator[tuple[Group, bool]]:
    """Each group, and whether it is the last one."""
    before: Group | None = None
    for group in groups:
        if before is not None:
            yield before, False
        before = group
    if before is not None:
        yield before, True


def _odd(row: Row, called: Collection[str], *, last: bool) -> CellFault | None:
    """What is wrong with totals below a table, and with a header in the midst of it."""
    number, cells = row
    shown = [text(cell).strip() for cell in cells if cell != ""]
    if last and shown and folded(shown[0]).rstrip(":") in TOTALS:
        return _sums_up(number, shown[0])
    if len(shown) > 1 and all(folded(one) in called for one in shown):
        words = (
            "This row names the columns once more. Remove it from the file.",
            "该行重复了列名。请从文件中删除。",
        )
        return CellFault(number, None, shown[0], words)
    return None


def _sums_up(number: int, shown: str) -> CellFault:
    words = (
        f"This looks like a row of totals: {shown}. Remove it from the file.",
        f"该行像是合计行：{shown}。请从文件中删除。",
    )
    return CellFault(number, None, shown, words)


def _ragged(plan: Plan, row: Row) -> Group:
    number, cells = row
    words = (
        f"The row has {len(cells)} cells and the header {plan.width}. Give it as many; put a cell"
        " that holds the delimiter in quotation marks.",
        f"该行有 {len(cells)} 个单元格，而表头有 {plan.width} 个。请使两者一致；"
        "含有分隔符的单元格须加引号。",
    )
    return Group([row], {}, [(number, ("", "", words))], whole=False)


def _apart(plan: Plan, error: ValidationError) -> list[Any]:
    """The faults of an error; that a list is too short follows from those of its lines."""
    every: list[Any] = error.errors()
    in_lines = any(len(one["loc"]) > 1 for one in every)
    return [one for one in every if one["loc"] != (plan.list_name,) or not in_lines]


def _fault(plan: Plan, group: Group, error: Any) -> CellFault:
    """Where pydantic found a fault; that of a line is in the row that tells of it."""
    place = error["loc"]
    if plan.lines and len(place) > 2 and place[0] == plan.list_name:
        row, column = group.rows[place[1]][0], plan.header(place[2], line=True)
    else:
        row, column = group.rows[0][0], plan.header(place[0]) if place else ""
    value = "" if error["type"] == "missing" else str(error["input"])[:MOST_SHOWN]
    return CellFault(row, column, value, words_of(error))
