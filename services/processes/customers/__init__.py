"""Customers, their contacts, and whose they are."""
