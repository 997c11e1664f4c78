"""Dealers' statements: the goods and money of a month, and what both sides say of each line."""

from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.channel.statement import (
    Statement,
    StatementConfirmed,
    StatementEntry,
    StatementLineDisputed,
    StatementLineEntered,
    StatementLineSettled,
    StatementOpened,
    StatementSent,
)
from aggregates.marks import Money
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, MONEY, names, plain, taking


class StatementLine(TypedDict):
    line: str
    entry: StatementEntry
    document: str
    day: str
    currency: str
    quantity: int
    goods: Money
    amount: Money
    disputed: str | None
    outcome: str | None


class Row(NamedTuple):
    """It begins with what was owed at the end of the last one sent; `closing` is what is owed then,
    and while it is open so far.
    """

    dealer: Annotated[str, names("customer")] = ""
    status: Annotated[Literal["open", "sent", "disputed", "confirmed"], INDEXED] = "open"
    currency: str = ""
    opening: Annotated[int, MONEY] = 0
    closing: Annotated[int, MONEY] = 0
    quantity: int = 0
    lines: tuple[StatementLine, ...] = ()


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    row = row._replace(dealer=recorded.key.partition(":")[0])
    match event:
        case StatementLineEntered():
            told = {name: plain(getattr(event, name)) for name in event.__dataclass_fields__}
            line: Any = {**told, "disputed": None, "outcome": None}
            now = row._replace(lines=(*row.lines, line), currency=event.currency)
            closing, quantity = row.closing + event.amount, row.quantity + event.quantity
            return now._replace(closing=closing, quantity=quantity)
        case StatementOpened(opening=opening):
            return row._replace(opening=opening, closing=row.closing - row.opening + opening)
        case StatementSent():
            return taking(row, event)._replace(status="sent")
        case StatementLineDisputed(line, reason):
            return _told(row, line, "disputed", reason)._replace(status="disputed")
        case StatementLineSettled(line, outcome):
            settled = _told(row, line, "outcome", outcome)
            left = any(one["disputed"] and not one["outcome"] for one in settled.lines)
            return settled._replace(status="disputed" if left else "sent")
        case StatementConfirmed():
            return row._replace(status="confirmed")
    raise TypeError(f"{type(event).__name__} is no event of a statement")


def _told(row: Row, name: str, field: str, text: str) -> Row:
    changed: Any = tuple({**one, field: text} if one["line"] == name else one for one in row.lines)
    return row._replace(lines=changed)


record = Record("statements", Statement, Row, fold, seen_with="dealer")
