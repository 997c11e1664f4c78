"""A dealer's report says which goods went to which outlet; a later word never overwrites it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, ClassVar, Self

from aggregates import Aggregate, Event, Unknown, refuse_unequal
from aggregates.currency import money
from aggregates.marks import Money, names
from aggregates.packs import Packed


@dataclass(frozen=True)
class FlowLine:
    """`region` is the outlet's then; `outside` the agreement's territory, if one held (窜货)."""

    outlet: Annotated[str, names("outlet")]
    region: Annotated[str | None, names("region")]
    item: str
    quantity: int
    amount: Money
    outside: bool
    packed: Packed | None = None


class GoodsFlowReported(Event, anytime=True):
    """Revision 1, or a later one that says otherwise of the same instant: `before` counts no more.

    `agreement` is the one whose territory counted.
    """

    dealer: str
    rep: str
    department: str
    dealer_region: str
    revision: int
    currency: str
    lines: tuple[FlowLine, ...]
    before: tuple[FlowLine, ...]
    agreement: Annotated[str | None, names("agreement")]
    reason: str | None
    flowed_at: datetime

    def happened(self) -> datetime:
        return self.flowed_at

    @staticmethod
    def under(revision: int) -> str:
        return f"revision {revision}"

    def recorded_under(self) -> str:
        return self.under(self.revision)


@dataclass(frozen=True)
class GoodsFlow(Aggregate):
    """Its id is the dealer's, and one of its own. Who may see the dealer may see it."""

    kind: ClassVar[str] = "goods_flow"
    id_names = ("customer",)
    of_another: ClassVar[bool] = True

    newest: GoodsFlowReported | None = None

    def report(
        self, asked: GoodsFlowReported, first: GoodsFlowReported | None, dated: bool
    ) -> Iterator[GoodsFlowReported]:
        """`first` is how it was reported, where it was; a date that was not told is left open."""
        if first is None:
            yield asked
            return
        when = first.flowed_at if dated else asked.flowed_at
        refuse_unequal(
            ("currency", first.currency, asked.currency),
            ("lines", _said(first), _said(asked)),
            ("occurred_at", when, asked.flowed_at),
        )

    def correct(self, asked: GoodsFlowReported) -> Iterator[GoodsFlowReported]:
        """Say what it should have been; who it counted for, and when, stays."""
        before = self.known()
        if asked.lines == before.lines:
            if before.revision > 1:
                refuse_unequal(("reason", before.reason, asked.reason))
            return
        yield replace(
            before,
            revision=before.revision + 1,
            lines=asked.lines,
            before=before.lines,
            agreement=asked.agreement,
            reason=asked.reason,
        )

    def known(self) -> GoodsFlowReported:
        if self.newest is None:
            raise Unknown(
                "There is no such report. Report it first: report-goods-flow.",
                "没有这份流向上报。请先用 report-goods-flow 上报。",
            )
        return self.newest

    def evolve(self, event: GoodsFlowReported) -> Self:
        return replace(self, newest=event)


def _said(report: GoodsFlowReported) -> str:
    """What the dealer said, without what was looked up for it."""
    return ", ".join(
        f"{one.packed or one.quantity} {one.item} → {one.outlet}"
        f" ({money(one.amount, report.currency)})"
        for one in report.lines
    )
