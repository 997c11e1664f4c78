"""The dossiers there are."""

from dataclasses import replace

from projections.channel import agreement, goods_flow, sell_through, statement
from projections.customers import customer, interaction, purchases
from projections.engine.figure import Figure, FigureQuery, FigureRow
from projections.fieldwork import task
from projections.inventory import dealer_stock
from projections.loyalty import deposits, member, points
from projections.opportunities import opportunity
from projections.orders import order
from projections.pricing import contract, quotation
from projections.receivables import ageing, invoice, ledger, receipt
from projections.targets import rankings
from services.api.dossiers import Dossier, DossierFigure, DossierList

SELL_IN = "amount", "quantity"
VALUE = (*SELL_IN, "margin")
SELL_OUT = "sell_out_amount", "sell_out_quantity"


def _ranked(board: str, measure: str) -> Figure:
    """A board, to be asked of one of its subjects."""

    def read(asked: FigureQuery) -> list[FigureRow]:
        return rankings.top(
            asked.connection,
            board,
            measure,
            filters=asked.filters,
            days=asked.days,
            as_of=asked.as_of,
            limit=asked.limit,
        )

    (figure,) = (one for one in rankings.figures if one.board == board)
    return replace(figure, read=read)


DEALER_FILE = Dossier(
    "dealer_file",
    "/dealers/{id}/file",
    "The file of a dealer or another partner: who he is and all contact with him, what he has in"
    " stock, ordered, owes, paid and sold, and his members, all of one moment.",
    customer.record,
    {
        "below": DossierList(customer.record, "parent", "name"),
        "interactions": DossierList(interaction.record, "customer", "-happened_at"),
        "agreements": DossierList(agreement.record, "dealer", "-valid_from"),
        "statements": DossierList(statement.record, "dealer", "-id"),
        "goods_flows": DossierList(goods_flow.record, "dealer", "-flowed_at"),
        "sell_through": DossierFigure(sell_through.figure, "dealer"),
        "stock": DossierFigure(dealer_stock.figure, "location"),
        "orders": DossierList(order.record, "customer", "-drafted_at"),
        "receivable": DossierFigure(ledger.figure, "customer"),
        "ageing": DossierFigure(ageing.figure, "customer"),
        "receipts": DossierList(receipt.record, "customer", "-received_at"),
        "sell_in": DossierFigure(
            _ranked("customers", "amount"), "customer", ("currency",), SELL_IN
        ),
        "sell_out": DossierFigure(
            _ranked("dealers", "sell_out_amount"), "dealer", ("currency",), SELL_OUT
        ),
        "members": DossierList(member.record, "dealer", "-enrolled_at"),
        "points": DossierFigure(points.figure, "dealer", ("dealer",)),
    },
    same_by="merged_into",
)
OVERVIEW = Dossier(
    "customer_overview",
    "/customers/{id}/overview",
    "A customer with contacts and all that is going on: what was said, opportunities, quotations,"
    " contracts, orders, invoices and payments, what is owed, how often and how much is bought, all"
    " of one moment.",
    customer.record,
    {
        "interactions": DossierList(interaction.record, "customer", "-happened_at"),
        "tasks": DossierList(task.record, "customer", "-due"),
        "opportunities": DossierList(opportunity.record, "customer", "-opened_at"),
        "quotations": DossierList(quotation.record, "customer", "-drafted_at"),
        "contracts": DossierList(contract.record, "customer", "-drafted_at"),
        "orders": DossierList(order.record, "customer", "-drafted_at"),
        "invoices": DossierList(invoice.record, "customer", "-issued_at"),
        "receipts": DossierList(receipt.record, "customer", "-received_at"),
        "receivable": DossierFigure(ledger.figure, "customer"),
        "ageing": DossierFigure(ageing.figure, "customer"),
        "cycle": DossierFigure(purchases.cycles, "customer"),
        "value": DossierFigure(_ranked("customers", "amount"), "customer", ("currency",), VALUE),
    },
    same_by="merged_into",
)
MEMBER_CARD = Dossier(
    "member_card",
    "/members/{id}/card",
    "The card of a member: who he is, his tier, what he has in points and paid in ahead, all of one"
    " moment.",
    member.record,
    {
        "points": DossierFigure(points.figure, "member"),
        "deposits": DossierFigure(deposits.figure, "member"),
    },
)
DOSSIERS = (DEALER_FILE, OVERVIEW, MEMBER_CARD)
