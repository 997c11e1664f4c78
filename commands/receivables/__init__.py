"""What customers owe: invoices of what was delivered, credit notes, and what was paid."""
