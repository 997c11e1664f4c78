"""What goods in warehouses are worth, now, as of then, and month by month."""
