"""What may be asked of agreements, statements, shipments, movements, targets and stock periods."""

from collections.abc import Callable, Iterator
from typing import Any

from aggregates import Aggregate
from aggregates.calendar import month_after
from aggregates.channel.agreement import Agreement
from aggregates.channel.goods_flow import GoodsFlow
from aggregates.channel.statement import Statement
from aggregates.channel.stock_report import StockReport
from aggregates.inventory.lot import ProductLot
from aggregates.inventory.movement import StockMovement
from aggregates.leads.collision import Collision
from aggregates.orders.shipment import Shipment
from aggregates.targets.review import PerformanceReview
from aggregates.targets.target import Target
from aggregates.valuation.stock_period import COMPANY, StockPeriods
from commands import Command

COMMANDS = Command.known
WHO = "X"


def ask(slug: str, **fields: Any) -> Command:
    own = {"id": WHO} if "id" in COMMANDS[slug].model_fields else {}
    return COMMANDS[slug](**{**own, **fields})


def of_agreement(_: Agreement, n: int) -> Iterator[Command]:
    it = {"dealer": "D1", "agreement": "1"}
    yield ask("draft-agreement", **it, valid_from="2026-01-01", valid_until="2026-12-31")
    yield ask("change-agreement", **it, note=f"{n}")
    yield ask("sign-agreement", **it, signed_by="Zhao")
    yield ask("end-agreement", **it, reason=f"{n}")
    yield ask("remind-of-agreement", **it)


def of_lot(_: ProductLot, n: int) -> Iterator[Command]:
    it = {"item": "P1", "lot": "A"}
    yield ask("register-lot", **it, expires_on="2026-06-30")
    yield ask("correct-lot-expiry", **it, expires_on=f"2026-07-{n % 28 + 1:02}", reason="misread")
    yield ask("quarantine-lot", **it, reason=f"{n}")
    yield ask("release-lot", **it, reason=f"{n}")


def of_statement(state: Statement, n: int) -> Iterator[Command]:
    it = {"dealer": "D1", "statement": "CNY-2026-02"}
    paid = {"entry": "paid", "document": f"RC{n}", "day": "2026-02-10", "currency": "CNY"}
    yield ask("enter-statement-line", **it, line=f"paid:RC{n}", **paid, amount=-5)
    yield ask("send-statement", **it)
    yield ask("confirm-statement", **it)
    for line in (*state.lines, "none"):
        yield ask("dispute-statement-line", **it, line=line, reason=f"{n}")
        yield ask("settle-statement-line", **it, line=line, outcome=f"{n}")


def of_goods_flow(_: GoodsFlow, n: int) -> Iterator[Command]:
    it = {"dealer": "D1", "report": "1"}
    lines = [{"outlet": "corner", "item": "P1", "quantity": n}]
    yield ask("report-goods-flow", **it, lines=lines)
    yield ask("correct-goods-flow", **it, lines=lines, reason=f"{n}")


def of_stock_report(state: StockReport, n: int) -> Iterator[Command]:
    it = {"dealer": "D1", "report": "1"}
    yield ask("report-dealer-stock", **it, lines=[{"item": "P1", "quantity": n}])
    yield ask("correct-stock-report", **it, lines=[{"item": "P1", "quantity": n}], reason=f"{n}")
    yield ask("explain-stock-variance", **it, item="P1", variance_reason="lost", note=f"{n}")
    yield ask("accept-stock-report", **it, variance_reason="other")
    yield ask("reject-stock-report", **it, reason=f"{n}")


def of_shipment(_: Shipment, n: int) -> Iterator[Command]:
    it = {"order": "O1", "shipment": "S1"}
    yield ask("pick-shipment", **it)
    yield ask("cancel-pick", **it, reason=f"{n}")
    yield ask("dispatch-shipment", **it, carrier="SF")
    yield ask("correct-tracking", **it, carrier="SF", tracking_number=f"{n}")
    yield ask("deliver-shipment", **it)
    yield ask("undo-delivery", **it, reason="not there")


def of_movement(_: StockMovement, n: int) -> Iterator[Command]:
    lines = [{"item": "P1", "quantity": 2}]
    yield ask("post-movement", movement="purchase_receipt", location="W1", lines=lines)
    yield ask("cancel-movement", reason=f"{n}")


def of_target(_: Target, n: int) -> Iterator[Command]:
    yield ask("set-target", metric="quantity", period="2026", number=1_200)
    yield ask("change-target", number=n, reason=f"{n}")
    parts = [{"of": "2026-Q1", "number": n % 300}, *({"of": f"2026-Q{q}"} for q in (2, 3, 4))]
    yield ask("break-down-target", by="quarter", parts=parts)
    yield ask("break-down-target", by="month")
    yield ask("withdraw-target", reason=f"{n}")


def of_review(_: PerformanceReview, n: int) -> Iterator[Command]:
    yield ask("write-review", rep="R1", period="2026-02", rating="meets", comment="Good")
    yield ask("revise-review", comment=f"{n}")
    yield ask("sign-review")


def of_stock_periods(state: StockPeriods, n: int) -> Iterator[Command]:
    last = state.closed[-1] if state.closed else "2023-12"
    yield ask("close-stock-period", month=month_after(last))
    yield ask("reopen-stock-period", month=last, reason=f"{n}")


def of_collision(_: Collision, n: int) -> Iterator[Command]:
    yield ask("rule-collision", lead="L1", other="C1", ruling="separate", reason=f"{n}")


def underway() -> Iterator[Command]:
    lines = [{"item": "P1", "quantity": 4}]
    yield ask("draft-order", id="O1", customer="C1", warehouse="W1", lines=lines)
    yield ask("submit-order", id="O1")
    yield ask("approve-order", id="O1")


def with_an_outlet() -> Iterator[Command]:
    yield ask("register-outlet", id="corner", name="Corner", dealer="D1")


KINDS: dict[type[Aggregate], tuple[str, Callable[[Any, int], Iterator[Command]]]] = {
    Agreement: ("D1:1", of_agreement),
    Statement: ("D1:CNY-2026-02", of_statement),
    GoodsFlow: ("D1:1", of_goods_flow),
    StockReport: ("D1:1", of_stock_report),
    Shipment: ("O1:S1", of_shipment),
    StockMovement: (WHO, of_movement),
    Target: (WHO, of_target),
    PerformanceReview: (WHO, of_review),
    Collision: (Collision.id_of("L1", "customer", "C1"), of_collision),
    ProductLot: ("P1:A", of_lot),
    StockPeriods: (COMPANY, of_stock_periods),
}
BEFORE: dict[type[Aggregate], Callable[[], Iterator[Command]]] = {
    GoodsFlow: with_an_outlet,
    Shipment: underway,
}
