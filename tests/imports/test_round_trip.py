"""Any command that is valid is the same after it was a row of a file."""

import json
from datetime import UTC, date, datetime
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import hypothesis.strategies as st
import pytest
from annotated_types import Le
from hypothesis import assume, given, settings
from imports.filing import commands, csv_of
from laws import quick
from pydantic import AwareDatetime, BaseModel

from aggregates.calendar import business_day
from commands import Command, Currency, Id
from commands.approvals.approval import ApprovalId
from commands.files.attachments import Digest, FileName
from commands.inventory.stock_corrections import Entered
from commands.notices.subscription import EventName, Zone
from commands.operations.exclusion import SkipParked
from commands.opportunities.pipeline import DefinePipeline
from commands.organisation.settings import ChangeSettings
from commands.receivables.credit_note import LossId
from commands.targets.target import PeriodName
from services import bootstrap
from services.exports.cells import harmless
from services.imports import fields
from services.imports.sources import Spec

assert bootstrap  # registers every command
NO_ROWS = SkipParked, DefinePipeline, ChangeSettings
ALL = [kind for kind in Command.known.values() if kind not in NO_ROWS]
printed = st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(' ,;"\t\n是')
words = st.text(printed, min_size=1, max_size=12).map(str.strip).filter(bool)
MOST = 10_000
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: words,
    int: st.integers(1, MOST),
    bool: st.booleans(),
    date: st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    AwareDatetime: st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)),
}


FORMED: tuple[tuple[Any, list[str]], ...] = (
    (Id, ["007", "C-1", "a.b_c-D", "1e3", "TRUE", "2026-01-05", "9" * 20, "x" * 64]),
    (Digest, ["0" * 64, "89abcdef" * 8]),
    (FileName, ["合同.pdf", "a-1.jpg"]),
    (Currency, ["CNY", "JPY", "KWD"]),
    (LossId, ["007", "S1:tea:A", "L-1"]),
    (ApprovalId, ["order:SO-1:1", "adjustment:007:12"]),
    (Entered, ["007", "report:DR-1"]),
    (EventName, ["OrderRejected", "TaskOverdue"]),
    (Zone, ["Asia/Shanghai", "UTC"]),
    (PeriodName, ["2026", "2026-Q4", "2026-11", "2026-W48"]),
)
"""Texts that are of a form."""


def of(hint: Any) -> st.SearchStrategy[Any]:
    for formed, values in FORMED:
        if hint == formed:
            return st.sampled_from(values)
    if hint in SIMPLE:
        return SIMPLE[hint]
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return st.fixed_dictionaries(drawn(hint))
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    inner = [each for each in get_args(hint) if each not in (NoneType, Ellipsis)]
    if inner[0] is int:
        rules = (rule for each in inner for rule in getattr(each, "metadata", ()))
        most = min((rule.le for rule in rules if isinstance(rule, Le)), default=MOST)
        return st.integers(1, min(most, MOST))
    value = of(inner[0])
    return st.lists(value, min_size=1, max_size=3) if get_origin(hint) is tuple else value


@cache
def drawn(kind: type[BaseModel]) -> dict[str, st.SearchStrategy[Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: of(hints[name]) for name in kind.model_fields}


@st.composite
def asked(draw: st.DrawFn, kind: type[Command]) -> Command:
    values = {name: draw(value) for name, value in drawn(kind).items()}
    optional = [name for name, about in kind.model_fields.items() if not about.is_required()]
    for name in draw(st.sets(st.sampled_from(sorted(optional)))):
        del values[name]
    assume(values)  # a row has a cell
    if draw(st.booleans()) and "occurred_at" in values:
        values["occurred_at"] = values["occurred_at"].date().isoformat()
    return kind.model_validate(values)


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "no"
    return json.dumps(value) if isinstance(value, list) else str(value)


def rows(command: Command) -> list[list[str]]:
    """Its row, or its rows where it has a list of lines."""
    told = command.model_dump(mode="json", include=command.model_fields_set)
    if command.occurred_at and command.day_end():
        told["occurred_at"] = business_day(command.occurred_at).isoformat()
    lists = (name for name, value in told.items() if isinstance(value, list))
    nested = next((name for name in lists if isinstance(told[name][0], dict)), "")
    lines = told.pop(nested, [{}])
    inner = sorted({name for line in lines for name in line})
    head = [*told, *(f"{nested}.{name}" for name in inner)]
    own = [shown(value) for value in told.values()]
    return [head, *([*own, *(shown(line[name]) for name in inner)] for line in lines)]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.slug())
@settings(quick, max_examples=10)
@given(data=st.data())
def test_any_command_is_the_same_after_it_was_a_row(
    kind: type[Command], data: st.DataObject
) -> None:
    command = data.draw(asked(kind))
    table = csv_of(*([harmless(cell) for cell in row] for row in rows(command)))
    (again,) = commands(table, Spec(kind.slug()))
    assert again == command
    assert again.day_end() == command.day_end()


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.slug())
def test_every_field_of_every_command_has_a_name_and_two_labels(kind: type[Command]) -> None:
    assert all(len(field.called) >= 3 and all(field.called) for field in fields.of(kind))
