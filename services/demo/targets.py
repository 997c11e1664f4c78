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
AMOUNTS = {"amount": 2_400_000_00, "cash_collected": 2_000_000_00}
"""Of the month, for all of sales."""


class DemoTargets:
    """They are set on the last day, by the department as it is then."""

    def __init__(self, agenda: DemoAgenda) -> None:
        self.agenda = agenda

    def plan(self) -> None:
        self.agenda.put(self.agenda.end - timedelta(hours=11), self._set)

    def _set(self, at: datetime) -> Iterator[Command]:
        month = f"{business_day(at):%Y-%m}"
        what = {"period": month, "department": "sales", "currency": CURRENCY}
        for metric, amount in AMOUNTS.items():
            own = f"{TARGET}-{metric.partition('_')[0]}"
            yield ask(SetTarget, at, id=own, metric=metric, amount=amount, **what)
            people = [one.id for one in PEOPLE]
            for by, names in (("department", sorted(set(REGIONS.values()))), ("rep", people)):
                parts = tuple(Part(of=name) for name in names)
                yield ask(BreakDownTarget, at, id=own, by=by, parts=parts)
