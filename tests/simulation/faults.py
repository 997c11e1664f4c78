"""Chance under a seed: what goes wrong, where, and how often it did."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from infra.database import Database


class Died(BaseException):
    """The process is gone in the middle of what it did; no `except Exception` holds it."""


class Chance:
    """Deals faults until `calm`; the same seed deals the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.calm = False
        self.dealt: Counter[str] = Counter()

    def of(self, name: str, odds: float) -> bool:
        if self.calm or self.random.random() >= odds:
            return False
        self.dealt[name] += 1
        return True

    def die(self, where: str, odds: float = 0.01) -> None:
        if self.of(f"death {where}", odds):
            raise Died(where)


class SimulatedClock:
    """Moves when somebody sleeps or the world turns; now and then it steps back or forth."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.at = 1_750_000_000_000_000
        self.passed = 0
        self.highest = self.at

    def now(self) -> int:
        self._pass(self.chance.random.randrange(1, 2_000))
        if self.chance.of("clock stepped back", 0.002):
            self.at -= self.chance.random.randrange(1_000_000, 90_000_000)
        if self.chance.of("clock stepped forth", 0.001):
            self.at += self.chance.random.randrange(1_000_000, 90_000_000)
        self.highest = max(self.highest, self.at)
        return self.at

    def elapsed(self) -> int:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self._pass(int(seconds * 1_000_000))

    def _pass(self, micros: int) -> None:
        self.at += micros
        self.passed += micros


def lost() -> OperationalError:
    return OperationalError("", {}, Exception("server closed the connection unexpectedly"))


class FaultyDatabase(Database):
    """SQLite whose connections break, and whose users die, before and after each commit."""

    chance: Chance

    @contextmanager
    def write(self) -> Iterator[Connection]:
        chance = self.chance
        if chance.of("connection refused", 0.01):
            raise lost()
        with super().write() as connection:
            yield connection
            chance.die("before commit")
            if chance.of("rolled back", 0.01):
                raise lost()
        chance.die("after commit")
        if chance.of("answer of commit lost", 0.01):
            raise lost()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self.chance.die("before read", 0.003)
        if self.chance.of("read failed", 0.005):
            raise lost()
        with super().read() as connection:
            yield connection
