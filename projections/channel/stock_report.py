"""Dealers' reports of their stock: each line beside the book, and what was made of it."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.channel.stock_report import (
    ReportedLine,
    StockReport,
    StockReportAccepted,
    StockReported,
    StockReportRejected,
    StockVarianceExplained,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names, taking


class Row(NamedTuple):
    """Each line has what was reported, the book as of then, and the variance: as they were when
    it was reported or, once it is accepted, as they were booked.
    """

    dealer: Annotated[str, names("customer")] = ""
    status: Annotated[Literal["reported", "accepted", "rejected"], INDEXED] = "reported"
    revision: int = 0
    lines: tuple[ReportedLine, ...] = ()
    differing: Annotated[int, INDEXED] = 0
    unexplained: Annotated[int, INDEXED] = 0
    reporter: str = ""
    reason: str | None = None
    reported_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case StockReported():
            told = taking(row, event, "reported_at")
            told = told._replace(reported_at=recorded.occurred_at, reporter=recorded.actor)
            return _counted(told)
        case StockVarianceExplained(item, reason):
            known: Any = row.lines
            lines: Any = tuple(
                {**line, "variance_reason": reason} if line["item"] == item else line
                for line in known
            )
            return _counted(row._replace(lines=lines))
        case StockReportAccepted():
            return _counted(taking(row, event)._replace(status="accepted"))
        case StockReportRejected():
            return taking(row, event)._replace(status="rejected")
    raise TypeError(f"{type(event).__name__} is no event of a stock report")


def _counted(row: Row) -> Row:
    known: Any = row.lines
    off = [line for line in known if line["variance"] != 0]
    unexplained = sum(line["variance_reason"] is None for line in off)
    return row._replace(differing=len(off), unexplained=unexplained)


record = Record("stock_reports", StockReport, Row, fold, seen_with="dealer")
