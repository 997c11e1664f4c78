"""How far what is agreed with dealers is reached: what they bought, or sold, on its days."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, false, func, or_, select

from aggregates.channel.agreement import MeasuredBy
from aggregates.marks import BasisPoints, Money
from projections.engine import periods, reading, versions_as_of
from projections.engine.figure import Day, Figure, FigureQuery, share_bp
from projections.engine.reading import Days
from projections.engine.record_rows import decode
from projections.targets.rankings import view

MEASURES: Mapping[MeasuredBy, tuple[str, str]] = {
    "sell_in": ("amount", "quantity"),
    "sell_out": ("sell_out_amount", "sell_out_quantity"),
}
TERMS = "products", "currency", "target_amount", "target_quantity", "measured_by"
SEEN = "department", "region"


class AgreementAttainmentRow(NamedTuple):
    """Of signed agreements; what has ended counts until its last day."""

    agreement: str
    dealer: str
    first: Annotated[Day, "First business day, included."]
    last: Annotated[Day, "Last business day, included."]
    measured_by: MeasuredBy
    currency: str | None
    planned_amount: Money | None
    actual_amount: Money
    amount_bp: Annotated[BasisPoints | None, "Of what is planned: 10000 is all of it."]
    planned_quantity: int | None
    actual_quantity: int
    quantity_bp: Annotated[BasisPoints | None, "Of what is planned: 10000 is all of it."]


def read(asked: FigureQuery) -> list[dict[str, Any]]:
    every = _agreements(asked)
    by_days: dict[Days, set[str]] = defaultdict(set)
    for one in every:
        by_days[_days(one)].add(one["dealer"])
    sold = {days: _sold(asked, days, sorted(dealers)) for days, dealers in by_days.items()}
    return [_row(one, sold[_days(one)]) for one in every]


def _agreements(asked: FigureQuery, *, paged: bool = True) -> list[dict[str, Any]]:
    """Those that were signed, of dealers that one may see, as of the moment."""
    agreements, customers = (
        versions_as_of.versions(asked.connection, asked.records[name], asked.states)
        for name in ("agreements", "customers")
    )
    told, dealer = agreements.rows.c, customers.rows.c
    query = (
        select(
            told.id.label("agreement"),
            told.dealer,
            told.valid_from.label("first"),
            func.coalesce(told.last_day, told.valid_until).label("last"),
            *(told[name] for name in TERMS),
            dealer.owner.label("rep"),
            *(dealer[name] for name in SEEN),
        )
        .join_from(agreements.rows, customers.rows, told.dealer == dealer.id)
        .where(*agreements.there, *customers.there, told.signed_on.is_not(None))
    )
    table = query.subquery()
    page = select(table).where(*reading.conditions(table, asked.filters))
    if paged:
        page = page.order_by(table.c.agreement).limit(asked.limit)
        page = page.where(table.c.agreement > asked.after[0]) if asked.after else page
    rows = [dict(row) for row in asked.connection.execute(page).mappings()]
    return [{**row, "products": decode(row["products"] or "[]")} for row in rows]


def _sold(asked: FigureQuery, days: Days, dealers: Sequence[str]) -> list[dict[str, Any]]:
    """What the dealers bought and sold on these days, by product and currency."""
    ledger = reading.tables(asked.connection, view).ledger
    where = [
        *reading.conditions(ledger, {"dealer": dealers, **asked.scope}, days),
        *reading.until(ledger, asked.as_of),
    ]
    measures = [name for both in MEASURES.values() for name in both]
    query = reading.sums(ledger, ("dealer", "product", "currency"), measures, where)
    return query.rows(asked.connection)


def _row(told: Mapping[str, Any], sold: Sequence[dict[str, Any]]) -> dict[str, Any]:
    amount, quantity = MEASURES[told["measured_by"]]
    limits = _limits(told)
    mine = [one for one in sold if all(one[name] in some for name, some in limits.items())]
    amounts, quantities = (sum(one[name] for one in mine) for name in (amount, quantity))
    return {
        **{name: told[name] for name in ("agreement", "dealer", "first", "last", "measured_by")},
        "currency": told["currency"],
        "planned_amount": told["target_amount"],
        "actual_amount": amounts,
        "amount_bp": share_bp(amounts, told["target_amount"]),
        "planned_quantity": told["target_quantity"],
        "actual_quantity": quantities,
        "quantity_bp": share_bp(quantities, told["target_quantity"]),
    }


def _limits(told: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """What of a dealer's business an agreement is about."""
    limits: dict[str, Sequence[str]] = {"dealer": [told["dealer"]]}
    if told["products"]:
        limits["product"] = told["products"]
    if told["currency"] is not None:
        limits["currency"] = [told["currency"]]
    return limits


def _days(told: Mapping[str, Any]) -> Days:
    return periods.between(told["first"], told["last"])


def within(asked: FigureQuery) -> Callable[[FromClause], ColumnElement[bool]]:
    """The rows of a ledger that tell what was reached of the agreements; for *why*."""
    every = _agreements(asked, paged=False)

    def condition(ledger: FromClause) -> ColumnElement[bool]:
        each = [and_(*reading.conditions(ledger, _limits(one), _days(one))) for one in every]
        return and_(or_(false(), *each), *reading.conditions(ledger, asked.scope))

    return condition


figure = Figure(
    "agreement_attainment",
    "/agreement-attainment",
    view,
    """How far what is agreed with dealers is reached: what the dealer bought less what came back
    (`sell_in`), or what he reported as sold (`sell_out`), of the agreement's products in its
    currency, on its days.

    *Why* has the events: name `amount` or `quantity`, or those of `sell_out`, as `measure`.
    """,
    key=("agreement",),
    row=AgreementAttainmentRow,
    read=read,
    filters=("agreement", "dealer", "currency", "measured_by"),
    behind=within,
    about_why="The events on the days of an agreement, of its dealer, products and currency.",
    joins=False,
    beside=("agreements", "customers"),
)
