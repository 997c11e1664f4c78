"""A domain as small as can be, for tests of the machinery: accounts that never go below zero."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar
from uuid import uuid4

from infra.codec import Codec
from infra.requests import Request


@dataclass(frozen=True)
class Fact:
    schema: ClassVar[int] = 1
    refusal: ClassVar[bool] = False


@dataclass(frozen=True)
class Paid(Fact):
    amount: int


@dataclass(frozen=True)
class Taken(Fact):
    """`left` is what the decision saw: a stale decision betrays itself in the fold."""

    amount: int
    left: int


@dataclass(frozen=True)
class Declined(Fact):
    refusal: ClassVar[bool] = True
    amount: int


@dataclass(frozen=True)
class Unwritable(Fact):
    what: Any


FACTS = {kind.__name__: kind for kind in (Paid, Taken, Declined, Unwritable)}


def codec() -> Codec:
    return Codec(FACTS)


class Refused(Exception):
    """A rule said no."""


class TooLittle(Refused):
    """Nobody takes what is not there."""


@dataclass(frozen=True)
class Account:
    kind: ClassVar[str] = "account"
    balance: int = 0

    @classmethod
    def stream(cls, id: str) -> str:
        return f"{cls.kind}-{id}"

    def evolve(self, event: Fact) -> "Account":
        match event:
            case Paid(amount):
                return Account(self.balance + amount)
            case Taken(amount, left):
                assert left == self.balance - amount >= 0, "decided on a stale state"
                return Account(left)
        return self


@dataclass(frozen=True)
class Ask:
    """A command for one account; `across` may be overridden to touch more."""

    aggregate: ClassVar[type[Account]] = Account
    id: str
    amount: int = 1
    occurred_at: datetime | None = None

    @property
    def stream(self) -> str:
        return Account.stream(self.id)

    def touches(self) -> Iterator[tuple[type[Account], str]]:
        yield Account, self.id

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Fact]]:
        for fact in self.decide(load(Account, self.id)):
            yield self.stream, fact

    def decide(self, account: Account) -> Iterator[Fact]:
        raise NotImplementedError


class Pay(Ask):
    def decide(self, account: Account) -> Iterator[Fact]:
        yield Paid(self.amount)


class Take(Ask):
    def decide(self, account: Account) -> Iterator[Fact]:
        if account.balance < self.amount:
            raise TooLittle(f"only {account.balance} are there: take fewer")
        yield Taken(self.amount, account.balance - self.amount)


class Decline(Ask):
    """A no that is written down."""

    def decide(self, account: Account) -> Iterator[Fact]:
        yield Declined(self.amount)


class Look(Ask):
    """Accepted, and nothing happens."""

    def decide(self, account: Account) -> Iterator[Fact]:
        yield from ()


class Blunder(Ask):
    """A faulty rule: it yields, and then breaks."""

    def decide(self, account: Account) -> Iterator[Fact]:
        yield Paid(self.amount)
        raise KeyError("a rule with a fault")


class Smear(Ask):
    """A faulty event: the second cannot be stored."""

    def decide(self, account: Account) -> Iterator[Fact]:
        yield Paid(self.amount)
        yield Unwritable(object())


@dataclass(frozen=True)
class Move(Ask):
    """Pay into another account first, take from one's own afterwards: refused half-way."""

    to: str = ""

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Fact]]:
        load(Account, self.to)
        yield Account.stream(self.to), Paid(self.amount)
        for fact in Take(self.id, self.amount).decide(load(Account, self.id)):
            yield self.stream, fact


def ask(command: Ask, key: str | None = None, expected: int | None = None) -> Request:
    content = sha256(f"{type(command).__name__} {command}".encode()).digest()
    return Request(command, key or uuid4().hex, content, "tester", "corr-1", expected=expected)
