"""What customers owe: invoices of what was delivered, credit notes, and what was paid."""

from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.account.credit import CreditSettings
from aggregates.receivables.credit_note import CreditNote
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.invoicing import InvoicingSettings
from aggregates.receivables.numbers import CreditNoteNumbers, InvoiceNumbers, ReceiptNumbers
from aggregates.receivables.receipt import Receipt
from commands.receivables import account, allocation, credit_note, invoice, receipt
from projections.receivables import account as account_record
from projections.receivables import ageing, ledger
from projections.receivables import credit_note as credit_note_record
from projections.receivables import invoice as invoice_record
from projections.receivables import receipt as receipt_record
from services.contexts import Context
from services.processes.receivables import invoicing

receivables = Context(
    "receivables",
    kinds=(Invoice, CreditNote, Receipt, CustomerAccount),
    commands=(invoice, credit_note, receipt, allocation, account),
    records=(
        invoice_record.record,
        credit_note_record.record,
        receipt_record.record,
        account_record.record,
    ),
    figures=(ledger.figure, ageing.figure),
    processes=(invoicing.process,),
    settings=(InvoicingSettings, CreditSettings, InvoiceNumbers, CreditNoteNumbers, ReceiptNumbers),
)
