"""Customers' accounts: what is agreed, and which documents are open."""

from typing import Annotated, Any, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.marks import DayCount, Money
from aggregates.receivables.account import (
    AccountJoined,
    AccountParted,
    CustomerAccount,
    OpenAmountChanged,
    PaymentReferenceUsed,
    PaymentTermsAgreed,
)
from aggregates.receivables.account.credit import (
    CreditHeld,
    CreditHoldReleased,
    CreditLimitSet,
    OrderCreditRefused,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import names, taking


class OpenDocument(TypedDict):
    document_kind: str
    document: str
    currency: str
    due: str | None
    amount: Money


class CreditLimit(TypedDict):
    currency: str
    limit: Money
    valid_from: str
    valid_until: str | None


class Row(NamedTuple):
    """`limits` are those that were set last for each first day, by currency; `held` is why the
    credit is.
    """

    customer: Annotated[str, names("customer")] = ""
    due_days: DayCount | None = None
    open_documents: tuple[OpenDocument, ...] = ()
    limits: tuple[CreditLimit, ...] = ()
    held: str | None = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    row = row._replace(customer=recorded.key)
    match event:
        case PaymentTermsAgreed():
            return taking(row, event)
        case OpenAmountChanged():
            return row._replace(open_documents=tuple(_changed(row.open_documents, event)))
        case CreditLimitSet():
            told = _limit(event)
            named = told["currency"], told["valid_from"]
            others = [one for one in row.limits if (one["currency"], one["valid_from"]) != named]
            every = sorted((*others, told), key=lambda one: (one["currency"], one["valid_from"]))
            return row._replace(limits=tuple(every))
        case CreditHeld(reason):
            return row._replace(held=reason)
        case CreditHoldReleased():
            return row._replace(held=None)
        case PaymentReferenceUsed() | OrderCreditRefused() | AccountJoined() | AccountParted():
            return row
    raise TypeError(f"{type(event).__name__} is no event of a customer's account")


def _changed(documents: tuple[OpenDocument, ...], event: OpenAmountChanged) -> list[OpenDocument]:
    named = event.document.kind, event.document.id
    found = [one for one in documents if (one["document_kind"], one["document"]) != named]
    if event.amount:
        found.append(
            {
                "document_kind": event.document.kind,
                "document": event.document.id,
                "currency": event.currency,
                "due": event.due.isoformat() if event.due else None,
                "amount": event.amount,
            }
        )
    return found


def _limit(event: CreditLimitSet) -> CreditLimit:
    return {
        "currency": event.currency,
        "limit": event.limit,
        "valid_from": event.valid_from.isoformat(),
        "valid_until": event.valid_until.isoformat() if event.valid_until else None,
    }


record = Record("customer_accounts", CustomerAccount, Row, fold, scope={"dealer": "customer"})
