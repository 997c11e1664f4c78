"""A dealer's statement of a month: goods and money, line by line, until both sides agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal
from aggregates.marks import Money

StatementEntry = Literal[
    "shipped",
    "returned",
    "invoiced",
    "credited",
    "written_off",
    "paid",
    "refunded",
    "bounced",
    "paid_by_another",
    "paid_for_another",
]


class StatementLineEntered(Event):
    """Goods change the volume, and money the balance: `amount` is what is owed more by it."""

    line: str
    entry: StatementEntry
    document: str
    day: date
    currency: str
    quantity: int
    goods: Money
    amount: Money

    @staticmethod
    def under(line: str) -> str:
        return f"line {line}"

    def recorded_under(self) -> str:
        return self.under(self.line)


class StatementOpened(Event):
    """What was owed at the end of the last month whose statement was sent."""

    currency: str
    opening: Money


class StatementSent(Event):
    """From `opening` the lines lead to `closing`; what is told later is of a later month."""

    currency: str
    opening: Money
    closing: Money
    quantity: int


class StatementLineDisputed(Event):
    line: str
    reason: str


class StatementLineSettled(Event):
    line: str
    outcome: str


class StatementConfirmed(Event):
    currency: str
    closing: Money


StatementEvent = (
    StatementLineEntered
    | StatementOpened
    | StatementSent
    | StatementLineDisputed
    | StatementLineSettled
    | StatementConfirmed
)


class StatementNotReady(Refused):
    """Months are closed one after another, when they are over."""


class NotDisputed(Refused):
    """Only what is disputed is settled."""


class StillDisputed(Refused):
    """Nobody confirms what he disputes."""


@dataclass(frozen=True)
class Statement(Aggregate):
    """Its id is the dealer's, and the currency with the month."""

    kind: ClassVar[str] = "statement"
    id_names = ("customer",)
    of_another: ClassVar[bool] = True

    lines: Mapping[str, Money] = field(default_factory=dict)
    quantity: int = 0
    opening: Money = 0
    sent: StatementSent | None = None
    disputed: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False

    @property
    def sendable(self) -> bool:
        return self.sent is None and bool(self.lines)

    @property
    def confirmable(self) -> bool:
        return self.sent is not None and not self.confirmed and not self.disputed

    @property
    def disputable(self) -> bool:
        left = self.lines.keys() - self.disputed.keys()
        return self.sent is not None and not self.confirmed and bool(left)

    def enter(self, line: StatementLineEntered) -> Iterator[StatementEvent]:
        if line.line not in self.lines:
            yield line

    def open(self, currency: str, opening: int) -> Iterator[StatementEvent]:
        if self.sent is None and self.opening != opening:
            yield StatementOpened(currency, opening)

    def send(self, currency: str, opening: int) -> Iterator[StatementEvent]:
        if self.sent is None:
            closing = opening + sum(self.lines.values())
            yield StatementSent(currency, opening, closing, self.quantity)

    def dispute(self, line: str, reason: str) -> Iterator[StatementEvent]:
        self._must_be_sent()
        self._must_have(line)
        if line in self.disputed:
            refuse_unequal(("reason", self.disputed[line], reason))
            return
        if self.confirmed:
            raise StillDisputed(
                "The statement was confirmed. Raise it with the next one.",
                "对账单已确认。请在下一期对账单中提出。",
            )
        yield StatementLineDisputed(line, reason)

    def settle(self, line: str, outcome: str) -> Iterator[StatementEvent]:
        self._must_be_sent()
        self._must_have(line)
        if line in self.disputed:
            yield StatementLineSettled(line, outcome)
        elif line in self.settled:
            refuse_unequal(("outcome", self.settled[line], outcome))
        else:
            raise NotDisputed(
                f"Nobody disputes line {line}. Name one that is disputed.",
                f"明细 {line} 没有争议。请填写有争议的明细。",
            )

    def confirm(self) -> Iterator[StatementEvent]:
        sent = self._must_be_sent()
        if self.confirmed:
            return
        if self.disputed:
            shown = ", ".join(self.disputed)
            raise StillDisputed(
                f"Disputed: {shown}. Have these lines settled first: settle-statement-line.",
                f"有争议的明细：{shown}。请先处理：settle-statement-line。",
            )
        yield StatementConfirmed(sent.currency, sent.closing)

    def _must_be_sent(self) -> StatementSent:
        if self.sent is None:
            raise StatementNotReady(
                "The statement was not sent. Send it first: send-statement.",
                "对账单尚未发送。请先用 send-statement 发送。",
            )
        return self.sent

    def _must_have(self, line: str) -> None:
        if line not in self.lines:
            raise Unknown(
                f"The statement has no line {line}. Name one of its lines.",
                f"对账单没有明细 {line}。请填写其中的明细。",
            )

    def evolve(self, event: StatementEvent) -> Self:
        match event:
            case StatementLineEntered(line):
                lines = {**self.lines, line: event.amount}
                return replace(self, lines=lines, quantity=self.quantity + event.quantity)
            case StatementOpened(opening=opening):
                return replace(self, opening=opening)
            case StatementSent():
                return replace(self, sent=event)
            case StatementLineDisputed(line, reason):
                return replace(self, disputed={**self.disputed, line: reason})
            case StatementLineSettled(line, outcome):
                left = {name: why for name, why in self.disputed.items() if name != line}
                return replace(self, disputed=left, settled={**self.settled, line: outcome})
            case StatementConfirmed():
                return replace(self, confirmed=True)
