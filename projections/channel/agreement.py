"""Agreements with dealers: their terms, and on which days they hold."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.channel.agreement import (
    Agreement,
    AgreementDrafted,
    AgreementEnded,
    AgreementRenewalDue,
    AgreementSigned,
    MeasuredBy,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import DAY, INDEXED, MONEY, SEARCHED, names, taking


class Row(NamedTuple):
    dealer: Annotated[str, names("customer")] = ""
    status: Annotated[Literal["draft", "signed", "ended"], INDEXED] = "draft"
    regions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    price_list: Annotated[str | None, names("price_list")] = None
    target_amount: Annotated[int | None, MONEY] = None
    target_quantity: int | None = None
    currency: str | None = None
    valid_from: Annotated[str, DAY, INDEXED] = ""
    valid_until: Annotated[str, DAY, INDEXED] = ""
    renews: str | None = None
    note: Annotated[str | None, SEARCHED] = None
    signed_by: Annotated[str | None, SEARCHED] = None
    signed_on: Annotated[str | None, DAY, INDEXED] = None
    renewal_due: Annotated[int, INDEXED] = 0
    last_day: Annotated[str | None, DAY] = None
    reason: str | None = None
    measured_by: Annotated[MeasuredBy, INDEXED] = "sell_in"


def fold(row: Row, _: Recorded, event: Any) -> Row:
    match event:
        case AgreementSigned():
            return taking(row, event)._replace(status="signed")
        case AgreementRenewalDue():
            return row._replace(renewal_due=1)
        case AgreementEnded():
            return taking(row, event)._replace(status="ended", renewal_due=0)
        case AgreementDrafted():
            return taking(Row(), event)
        case _:
            return taking(row, event)


record = Record("agreements", Agreement, Row, fold, seen_with="dealer")
