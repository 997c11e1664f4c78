"""What the demo company is to sell this month: by the department, its parts and its people."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from aggregates.calendar import business_day
from commands import Command
from commands.targets.breakdown import BreakDownTarget, Part
from commands.targets.target import SetTarget
from services.demo.agenda import DemoAgenda, ask
from services.demo.catalogue import CURRENCY, PEOPLE, REGIONS

TARGET = "TG-sales"
AMOUNT = 600_000_00
"""Of a day of the month, for all of sales."""


class DemoTargets:
    """They are set when the month has begun, for all of it."""

    def __init__(self, agenda: DemoAgenda) -> None:
        self.agenda = agenda

    def plan(self) -> None:
        self.agenda.put(self.agenda.end - timedelta(hours=11), self._set)

    def _set(self, at: datetime) -> Iterator[Command]:
        month = f"{business_day(at):%Y-%m}"
        what = {"period": month, "department": "sales", "currency": CURRENCY}
        yield ask(SetTarget, at, id=TARGET, metric="amount", amount=AMOUNT, **what)
        yield ask(SetTarget, at, id="TG-customers", metric="new_customers", number=10, period=month)
        below = sorted(set(REGIONS.values()))
        yield self._parts(at, TARGET, "department", below)
        for place in below:
            people = [one.id for one in PEOPLE if REGIONS[one.region] == place]
            yield self._parts(at, f"{TARGET}.department.{place}", "rep", people)

    def _parts(self, at: datetime, id: str, by: str, names: list[str]) -> Command:
        parts = tuple(Part(of=name) for name in names)
        return ask(BreakDownTarget, at, id=id, by=by, parts=parts)
