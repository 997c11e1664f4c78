"""What happens when: everything is played in order of time, the same for the same seed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from commands import Command
from services.imports.rows import Row

Action = Callable[[datetime], Iterable[Command]]
MINUTES_A_DAY = 24 * 60
OPENS = 60
CLOSES = 12 * 60
"""Nine in the morning and eight in the evening in China, in minutes of a UTC day."""
SUNDAY = 6


class DemoAgenda:
    """Actions by the moment they are due; an action may put others on the agenda."""

    def __init__(self, today: date, days: int, seed: int) -> None:
        self.end = datetime(today.year, today.month, today.day, tzinfo=UTC)
        self.start = self.end - timedelta(days=days)
        self.days = days
        self.dice = Random(seed)  # noqa: S311 - a story must be the same again, not secret
        self._due: list[tuple[datetime, int, Action]] = []
        self._number = count()

    def put(self, at: datetime, action: Action) -> None:
        """What is due after the end does not happen."""
        if at < self.end:
            heappush(self._due, (at, next(self._number), action))

    def play(self) -> Iterator[Row]:
        number = count(1)
        while self._due:
            at, _, action = heappop(self._due)
            for command in action(at):
                yield f"{next(number):05d} {command.slug()} {command.id}", command

    def moment(self, day: int, opens: int = OPENS, hours: int = 9) -> datetime:
        """Some moment of that day's business hours."""
        minutes = opens + self.dice.randrange(hours * 60)
        return self.start + timedelta(days=day, minutes=minutes, seconds=self.dice.randrange(60))

    def later(
        self, at: datetime, least: float, most: float, dice: Random | None = None
    ) -> datetime:
        """So many days later; what would fall on a night or a Sunday waits for the morning. Who
        has `dice` of his own changes nobody else's story.
        """
        dice = dice or self.dice
        due = at + timedelta(minutes=int(dice.uniform(least, most) * MINUTES_A_DAY))
        minute = due.hour * 60 + due.minute
        if not OPENS <= minute < CLOSES or due.weekday() == SUNDAY:
            morning = due.replace(hour=0, minute=0) + timedelta(days=minute >= OPENS)
            morning += timedelta(days=morning.weekday() == SUNDAY)
            due = morning + timedelta(minutes=OPENS + dice.randrange(120))
        return due

    def chance(self, percent: int) -> bool:
        return self.dice.randrange(100) < percent


def ask(kind: type[Command], at: datetime, **fields: Any) -> Command:
    return kind.model_validate({"occurred_at": at, **fields})
