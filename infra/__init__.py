"""Machinery that any company could use; knows no business word."""
