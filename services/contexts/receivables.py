"""What customers owe: invoices of what was delivered, credit notes, and what was paid."""

from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.credit_note import CreditNote
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.invoicing import InvoicingSettings
from aggregates.receivables.numbers import CreditNoteNumbers, InvoiceNumbers
from commands.receivables import account, credit_note, invoice
from projections.receivables import account as account_record
from projections.receivables import credit_note as credit_note_record
from projections.receivables import invoice as invoice_record
from projections.receivables import ledger
from services.contexts import Context
from services.processes.receivables import invoicing

receivables = Context(
    "receivables",
    kinds=(Invoice, CreditNote, CustomerAccount),
    commands=(invoice, credit_note, account),
    records=(invoice_record.record, credit_note_record.record, account_record.record),
    figures=(ledger.figure,),
    processes=(invoicing.process,),
    settings=(InvoicingSettings, InvoiceNumbers, CreditNoteNumbers),
)
