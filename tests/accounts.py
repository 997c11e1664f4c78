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
    anytime: ClassVar[bool] = False

    def recorded_under(self) -> str | None:
        return None

    def happened(self) -> datetime | None:
        return None


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


@dataclass(frozen=True)
class Billed(Paid):
    """Paid for a bill, which is paid once."""

    bill: str

    def recorded_under(self) -> str | None:
        return f"bill {self.bill}"


@dataclass(frozen=True)
class Found(Paid):
    """Paid some time ago, and told whenever it was found."""

    anytime: ClassVar[bool] = True
    on: datetime | None = None

    def happened(self) -> datetime | None:
        return self.on


@dataclass(frozen=True)
class Flagged(Fact):
    """The next one is too early."""

    anytime: ClassVar[bool] = True
    limit: datetime


FACTS = {
    kind.__name__: kind for kind in (Paid, Taken, Declined, Unwritable, Billed, Found, Flagged)
}


def codec() -> Codec:
    return Codec(FACTS)


class Refused(Exception):
    """A rule said no."""


class TooLittle(Refused):
    """Nobody takes what is not there."""


class BillTaken(Refused):
    """A bill is paid once."""


class Ahead(Refused):
    """Nothing is told before it happens."""


class Behind(Refused):
    """Nothing happens before what it follows."""


@dataclass(frozen=True)
class Account:
    kind: ClassVar[str] = "account"
    balance: int = 0

    @classmethod
    def stream(cls, id: str) -> str:
        return f"{cls.kind}-{id}"

    def fold(self, event: Fact) -> "Account":
        match event:
            case Paid(amount=amount):
                return Account(self.balance + amount)
            case Taken(amount, left):
                assert left == self.balance - amount >= 0, "decided on a stale state"
                return Account(left)
        return self


@dataclass(frozen=True)
class Ask:
    """A command for one account; `across` may be overridden to touch more."""

    aggregate: ClassVar[type[Account]] = Account
    numbering: ClassVar[None] = None
    id: str
    amount: int = 1
    occurred_at: datetime | None = None
    flag: bool = False
    until: datetime | None = None

    def day_end(self) -> datetime | None:
        return self.until

    def follows(self, _: Any) -> None:
        """Of an account, all keeps its order."""

    def refuse_future(self, given: datetime, latest: datetime) -> None:
        raise Ahead(f"{given} is beyond {latest}")

    def out_of_order(self, fact: Fact, given: datetime, limit: datetime) -> Iterator[Fact]:
        if not self.flag:
            raise Behind(f"{given} is before {limit}")
        yield Flagged(limit)

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


@dataclass(frozen=True)
class Bill(Ask):
    """Pay a bill; the same again changes nothing, another amount is refused."""

    bill: str = "b"

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Fact]]:
        before = load.event(Account, self.id, f"bill {self.bill}")
        if before is None:
            yield self.stream, Billed(self.amount, self.bill)
        elif before.amount != self.amount:
            raise BillTaken(f"{self.bill} was paid with {before.amount}")


@dataclass(frozen=True)
class Find(Ask):
    """Pay as of then."""

    on: datetime | None = None

    def decide(self, account: Account) -> Iterator[Fact]:
        yield Found(self.amount, self.on)


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
