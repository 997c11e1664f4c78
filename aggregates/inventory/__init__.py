"""Goods in warehouses, at dealers and on their way."""
