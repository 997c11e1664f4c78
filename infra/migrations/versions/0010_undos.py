"""Undos of imports are kept: `distributary migrate` makes the table for them."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """The imports make their tables themselves; the revision has them asked to."""
