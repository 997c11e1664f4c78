"""What goods in warehouses are worth: the months of stock that are closed."""
