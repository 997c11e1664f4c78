"""Columns find their fields by name, by label or as they were told; every fault is named."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aggregates.currency import EXPONENTS
from commands import Command
from services import amounts, labels
from services.faults import Words
from services.filter_values import nearest
from services.imports import cells, fields
from services.imports.cells import BadCell
from services.imports.columns import Column, Plan
from services.imports.fields import Field
from services.imports.sources import CellFault, Faulty, Row, Spec

REFUSED = "refused rule", "refused reason"
"""Columns that a file of refused rows has besides; when it is sent again they are passed over."""
OURS = frozenset(cells.folded(name) for name in REFUSED)
UNITS = "", "minor", "major"
"""What `money` may say besides a currency; nothing leaves it to the headers."""


def plan(model: type[Command], header: Row, spec: Spec) -> Plan:
    """How the rows of a file are read; raises `Faulty` with all that is wrong with its header."""
    return _Matching(model, header, spec).plan()


def named(model: type[Command], header: Row) -> int:
    """How many fields of the command a row has the names of."""
    called = _called(fields.of(model))
    shown = {amounts.split_unit(cells.folded(cells.text(cell)))[0] for cell in header[1]}
    return len(shown & called.keys())


class _Matching:
    """One header being matched with the fields of one command."""

    def __init__(self, model: type[Command], header: Row, spec: Spec) -> None:
        self.row, shown = header
        self.names = [cells.text(cell).strip() for cell in shown]
        while self.names and not self.names[-1]:
            self.names.pop()
        self.spec = spec
        self.every = fields.of(model)
        self.by_name = {field.name: field for field in self.every}
        self.called = _called(self.every) | _own(self.by_name)
        self.faults: list[CellFault] = []
        self.passed_over: list[str] = []
        self.taken: dict[str, tuple[int, str]] = {}
        self.units: dict[str, str | None] = {}
        self.currency_at: int | None = None

    def plan(self) -> Plan:
        self._mapping()
        for index, name in enumerate(self.names):
            self._column(index, name)
        constants = dict(self._constants())
        lists = {self.by_name[name].path[0] for name in self.taken if "." in name}
        self._missing(constants, lists)
        self._money()
        if self.faults:
            raise Faulty(self.faults)
        columns = [(self.by_name[name], place) for name, place in self.taken.items()]
        return Plan(
            own=self._columns(columns, 1),
            lines=self._columns(columns, 2),
            list_name=next(iter(lists), ""),
            constants=constants,
            width=len(self.names),
            passed_over=tuple(self.passed_over),
            currency=None if self.spec.money in UNITS else self.spec.money,
            currency_at=self.currency_at,
        )

    def _columns(
        self, columns: Sequence[tuple[Field, tuple[int, str]]], depth: int
    ) -> tuple[Column, ...]:
        found = [
            Column(index, header, field.path[-1], field.convert, self.units.get(field.name))
            for field, (index, header) in columns
            if len(field.path) == depth
        ]
        return tuple(sorted(found, key=lambda column: column.money is not None))

    def _mapping(self) -> None:
        """What was told of columns must be of columns that are there, and fields."""
        self.mapped: dict[str, str] = {}
        there = {cells.folded(name) for name in self.names}
        for column, name in self.spec.mapping.items():
            if cells.folded(column) not in there:
                en = f"There is no column {column} to be mapped. {_choose(column, self.names)[0]}"
                zh = f"没有可映射的列 {column}。{_choose(column, self.names)[1]}"
                self._fault(column, (en, zh))
            elif name and name not in self.by_name:
                self._unknown(column, name)
            else:
                self.mapped[cells.folded(column)] = name

    def _column(self, index: int, header: str) -> None:
        key = cells.folded(header)
        if not header:
            self._fault(str(index + 1), _nameless(index + 1))
        elif name := self._meant(key):
            self._take(index, header, name)
        elif key in fields.currency_called():
            self.currency_at = index
        elif key not in OURS and not (
            key in self.mapped or amounts.split_unit(key)[0] in self.mapped
        ):
            self.passed_over.append(header)

    def _meant(self, key: str) -> str:
        """The field that a column is for; its header may say behind it what amounts are in."""
        for one in dict.fromkeys((key, amounts.split_unit(key)[0])):
            if one in self.mapped:
                return self.mapped[one]
            if one in self.called:
                return self.called[one].name
        return ""

    def _take(self, index: int, header: str, name: str) -> None:
        other = self.taken.setdefault(name, (index, header))
        if other[0] != index:
            self._fault(header, _twice(name, other[1], header))
        elif self.by_name[name].money:
            self._in_units(header, name)

    def _in_units(self, header: str, name: str) -> None:
        """What the amounts of a column are in; a label alone does not say it."""
        units = amounts.split_unit(cells.folded(header))[1] or self.spec.money
        if units in ("minor", "") and (units or header == name):
            self.units[name] = None
        elif units:
            self.units[name] = units
        else:
            self._fault(header, _unsaid(header))

    def _constants(self) -> Iterator[tuple[str, Any]]:
        if self.spec.dates != "refuse":
            yield "dates", self.spec.dates
        for name, value in self.spec.constants.items():
            field = self.by_name.get(name)
            if field is None or len(field.path) > 1:
                self._unknown(name, name)
            elif name in self.taken:
                self._fault(name, _twice(name, self.taken[name][1], f"{name}={value}"))
            else:
                try:
                    yield name, field.convert(value)
                except BadCell as error:
                    self.faults.append(CellFault(None, name, value, error.words))

    def _missing(self, constants: dict[str, Any], lists: set[str]) -> None:
        there = {*self.taken, *constants}
        if len(lists & there) > 0:
            name = next(iter(lists & there))
            self._fault(self.taken[name][1], _twice(name, self.taken[name][1], f"{name}.…"))
        for field in self.every:
            wanted = field.required and (len(field.path) == 1 or field.path[0] in lists)
            if wanted and field.name not in there | lists:
                self._fault(field.name, _lacking(field.name))

    def _money(self) -> None:
        if self.spec.money not in (*UNITS, *EXPONENTS):
            words = (
                f"{self.spec.money} is no unit of money. Write minor, major or a currency.",
                f"{self.spec.money} 不是金额单位。请填写 minor、major 或货币代码。",
            )
            self.faults.append(CellFault(None, None, self.spec.money, words))

    def _unknown(self, column: str, name: str) -> None:
        choice = _choose(name, list(self.by_name))
        en, zh = (
            f"{self.spec.command} has no field {name}.",
            f"{self.spec.command} 没有字段 {name}。",
        )
        self._fault(column, (f"{en} {choice[0]}", zh + choice[1]))

    def _fault(self, column: str, words: Words) -> None:
        self.faults.append(CellFault(self.row, column, None, words))


def _called(every: Sequence[Field]) -> dict[str, Field]:
    """Fields by what a column may be called; a label that two of them have is of neither."""
    found: dict[str, Field | None] = {}
    for field in every:
        for label in dict.fromkeys(field.called[1:]):
            found[label] = field if label not in found else None
    found |= {field.called[0]: field for field in every}
    return {label: field for label, field in found.items() if field is not None}


def _own(by_name: Mapping[str, Field]) -> dict[str, Field]:
    """The company's own fields by what it calls them."""
    called = labels.OWN.get().items()
    return {cells.folded(label): by_name[name] for (name, _), label in called if name in by_name}


def _choose(name: str, known: list[str]) -> Words:
    near = nearest(name, [one for one in known if one])
    if near:
        return f"Did you mean {near}?", f"您是否要找 {near}？"
    return f"There are {', '.join(known)}.", f"现有：{'、'.join(known)}。"


def _nameless(number: int) -> Words:
    return (
        f"Column {number} has no name. Name it or remove it, and unmerge merged cells of the"
        " header.",
        f"第 {number} 列没有名称。请命名或删除该列，并取消表头的合并单元格。",
    )


def _twice(name: str, first: str, second: str) -> Words:
    return (
        f"Both {first} and {second} are for {name}. Leave one of them out.",
        f"{first} 与 {second} 都对应 {name}。请只保留一个。",
    )


def _unsaid(header: str) -> Words:
    en, zh = amounts.header(header, "major", "en"), amounts.header(header, "major", "zh-CN")
    return (
        f"Say what the amounts of {header} are in: call the column {en} where 10 is ten yuan, or"
        " set the money of all columns: major, minor or a currency.",
        f"请说明 {header} 列金额的单位：若 10 表示十元，请将列名改为 {zh}，"
        "或为所有列设置金额单位 major、minor 或货币代码。",
    )


def _lacking(name: str) -> Words:
    return (
        f"No column is for {name}, which is needed. Name a column so, map one to it, or set it"
        " for all rows.",
        f"缺少必填项 {name} 的列。请将某列命名为它、映射一列，或为所有行统一设置。",
    )
