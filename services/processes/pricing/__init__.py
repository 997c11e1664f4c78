"""Price lists, discounts and quotations."""
