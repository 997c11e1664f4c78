"""How a company numbers its invoices and credit notes."""

from aggregates.numbers import NumberSettings


class InvoiceNumbers(NumberSettings, id="receivables.invoice_numbers"):
    """How invoices are numbered that are issued without an id."""

    prefix: str = "INV"


class CreditNoteNumbers(NumberSettings, id="receivables.credit_note_numbers"):
    """How credit notes are numbered that are issued without an id."""

    prefix: str = "CN"
