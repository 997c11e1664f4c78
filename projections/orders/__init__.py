"""Sales orders: drafted, approved with their stock, shipped and returned."""
