"""How a company numbers its invoices, credit notes and receipts."""

from aggregates.numbers import NumberSettings


class InvoiceNumbers(NumberSettings, id="receivables.invoice_numbers"):
    """How invoices are numbered that are issued without an id."""

    prefix: str = "INV"


class CreditNoteNumbers(NumberSettings, id="receivables.credit_note_numbers"):
    """How credit notes are numbered that are issued without an id."""

    prefix: str = "CN"


class ReceiptNumbers(NumberSettings, id="receivables.receipt_numbers"):
    """How payments are numbered that are received without an id."""

    prefix: str = "RC"
