"""Whoever leaves the id out of what begins a thing gets the next number of its series.

The number is drawn in the transaction of the command, before it decides: what is refused draws
none, and what is asked again under its key has the number that it got.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import Field

from aggregates import Refused
from aggregates.calendar import business_day
from aggregates.numbers import NumberSettings
from aggregates.organisation.series import NumberDrawn, NumberSeries
from commands import Command, Decision, Id, Load
from commands.settings import in_force

AT_ONCE = 64
"""Numbers whose ids are looked up by one statement."""


class IdMissing(Refused):
    """Where nothing is numbered, whoever begins a thing names it."""


def _left_out(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class Numbered(Command):
    """A request that begins a thing, under an id that is given, or under the next number."""

    begins: ClassVar[bool] = True
    numbers: ClassVar[type[NumberSettings]]

    id: Id = Field(
        "",
        description="The next number of its series, where it is left out and the settings allow.",
        json_schema_extra=_left_out,
    )

    @property
    def numbering(self) -> Callable[[Load, datetime], tuple[Self, Decision]] | None:
        return None if self.id else self.numbered

    def ask_numbered(self, load: Load, at: datetime) -> Iterator[Decision]:
        """What follows from asking it under the next number, within another command."""
        asked, drawn = self.numbered(load, at)
        yield drawn
        yield from asked.across(load, at)

    def numbered(self, load: Load, at: datetime) -> tuple[Self, Decision]:
        """The same request under the next number, and what tells that it was drawn.

        The number is of the period in which that happened, and looks as numbers do now.
        """
        rules, version = in_force(load, self.numbers, load.now)
        if not rules.automatic:
            raise IdMissing(
                f"{self.slug()} needs an id. Give one, or have numbers given: change-settings"
                f" {self.numbers.id}, automatic.",
                f"{self.slug()} 需要填写编号。请填写，或在设置 {self.numbers.id} 中启用自动编号"
                "（automatic）。",
            )
        value = None if rules.apart_by is None else self.apart(load, rules.apart_by)
        begins = rules.series(business_day(at), value)
        own = f"{self.aggregate.kind}.{begins}"
        series: NumberSeries = load(NumberSeries, own)
        number = series.last + 1
        while self._taken(load, rules, begins, number):
            number += 1
        drawn = NumberDrawn(number, rules.number(begins, number), version)
        return self.model_copy(update={"id": drawn.begun}), (NumberSeries.stream(own), drawn)

    def apart(self, load: Load, dimension: str) -> str:
        """The value of a dimension by which series are apart."""
        raise NotImplementedError

    def _taken(self, load: Load, rules: NumberSettings, begins: str, number: int) -> bool:
        """Whether somebody has chosen the id that the number makes."""
        following = range(number, number + AT_ONCE)
        load.prefetch(self.aggregate, (rules.number(begins, one) for one in following))
        return bool(load(self.aggregate, rules.number(begins, number)) != self.aggregate())
