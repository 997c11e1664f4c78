"""A dealer's report of his stock stands beside the book until the company accepts or rejects it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal
from aggregates.packs import Packed

VarianceReason = Literal[
    "unreported_sale",
    "late_delivery",
    "returned",
    "damaged",
    "expired",
    "lost",
    "miscounted",
    "other",
]


@dataclass(frozen=True)
class ReportedLine:
    """`book` is what the company reckoned then; unknown where it is too long ago."""

    item: str
    reported: int
    book: int | None
    variance: int | None
    variance_reason: VarianceReason | None = None
    packed: Packed | None = None

    @property
    def unexplained(self) -> bool:
        return self.variance != 0 and self.variance_reason is None


class StockReported(Event, anytime=True):
    """Revision 1, or a later one that says otherwise of the same instant."""

    dealer: str
    rep: str
    department: str
    dealer_region: str
    revision: int
    lines: tuple[ReportedLine, ...]
    reported_at: datetime
    reason: str | None = None

    def happened(self) -> datetime:
        return self.reported_at

    @staticmethod
    def under(revision: int) -> str:
        return f"revision {revision}"

    def recorded_under(self) -> str:
        return self.under(self.revision)


class StockVarianceExplained(Event):
    item: str
    variance_reason: VarianceReason
    note: str | None


class StockReportAccepted(Event):
    """The book is what was reported; the lines say what it was by then, and what was booked."""

    lines: tuple[ReportedLine, ...]

    def recorded_under(self) -> str:
        return "accepted"


class StockReportRejected(Event):
    """The book stays as it is."""

    reason: str


StockReportEvent = (
    StockReported | StockVarianceExplained | StockReportAccepted | StockReportRejected
)


class StockReportDecided(Refused):
    """A report is accepted or rejected once."""


class VarianceUnexplained(Refused):
    """What differs from the book has a reason before it is booked."""


@dataclass(frozen=True)
class StockReport(Aggregate):
    """Its id is the dealer's, and one of its own. Who may see the dealer may see it."""

    kind: ClassVar[str] = "stock_report"
    id_names = ("customer",)
    of_another: ClassVar[bool] = True

    newest: StockReported | None = None
    explained: Mapping[str, str] = field(default_factory=dict)  # by item
    decided: Literal["", "accepted", "rejected"] = ""
    rejected: str = ""  # why

    @property
    def open(self) -> bool:
        return self.newest is not None and not self.decided

    def report(
        self, asked: StockReported, first: StockReported | None, dated: bool
    ) -> Iterator[StockReportEvent]:
        """`first` is how it was reported, where it was; a date that was not told is left open."""
        if first is None:
            yield asked
            return
        refuse_unequal(
            ("lines", _said(first.lines), _said(asked.lines)),
            ("occurred_at", first.reported_at, asked.reported_at if dated else first.reported_at),
        )

    def correct(self, asked: StockReported) -> Iterator[StockReportEvent]:
        """Say what it should have been, of the same instant."""
        before = self.known()
        if _said(asked.lines) == _said(before.lines):
            if before.revision > 1:
                refuse_unequal(("reason", before.reason, asked.reason))
            return
        self._must_be_open()
        yield replace(asked, revision=before.revision + 1)

    def explain(
        self, item: str, reason: VarianceReason, note: str | None
    ) -> Iterator[StockReportEvent]:
        if item not in {line.item for line in self.known().lines}:
            raise Unknown(
                f"Nothing is said of {item} in this report. Name one of its products.",
                f"该上报中没有 {item}。请填写其中的产品。",
            )
        told = _explained(reason, note)
        if self.explained.get(item) == told:
            return
        self._must_be_open()
        yield StockVarianceExplained(item, reason, note)

    def accept(self, lines: tuple[ReportedLine, ...]) -> Iterator[StockReportEvent]:
        """`lines` are those of the report against the book as it is known now."""
        self.known()
        if self.decided == "accepted":
            return
        self._must_be_open()
        if missing := [line.item for line in lines if line.unexplained]:
            raise VarianceUnexplained(
                f"Differs from the book, and nobody said why: {', '.join(missing)}. Give reasons"
                " with explain-stock-variance, or one for all of them here (variance_reason).",
                f"与账面不符且未说明原因：{'、'.join(missing)}。"
                "请用 explain-stock-variance 说明，或在此统一填写原因（variance_reason）。",
            )
        yield StockReportAccepted(lines)

    def reject(self, reason: str) -> Iterator[StockReportEvent]:
        self.known()
        if self.decided == "rejected":
            refuse_unequal(("reason", self.rejected, reason))
            return
        self._must_be_open()
        yield StockReportRejected(reason)

    def known(self) -> StockReported:
        if self.newest is None:
            raise Unknown(
                "There is no such report. Report it first: report-dealer-stock.",
                "没有这份库存上报。请先用 report-dealer-stock 上报。",
            )
        return self.newest

    def _must_be_open(self) -> None:
        if self.decided:
            raise StockReportDecided(
                f"The report is {self.decided}. Report what is right under another id.",
                "该上报已"
                + ("接受" if self.decided == "accepted" else "驳回")
                + "。请以其他编号上报正确的内容。",
            )

    def evolve(self, event: StockReportEvent) -> Self:
        match event:
            case StockReported():
                return replace(self, newest=event, explained={})
            case StockVarianceExplained(item, reason, note):
                told = {**self.explained, item: _explained(reason, note)}
                lines = tuple(
                    replace(line, variance_reason=reason) if line.item == item else line
                    for line in self.known().lines
                )
                return replace(self, newest=replace(self.known(), lines=lines), explained=told)
            case StockReportAccepted():
                return replace(self, decided="accepted")
            case StockReportRejected(reason):
                return replace(self, decided="rejected", rejected=reason)


def _explained(reason: str, note: str | None) -> str:
    return f"{reason} {note or ''}"


def _said(lines: tuple[ReportedLine, ...]) -> str:
    """What the dealer said, without what was looked up for it."""
    return ", ".join(
        f"{line.packed or line.reported} {line.item}"
        + (f" ({line.variance_reason})" if line.variance_reason else "")
        for line in lines
    )
