"""Accounts keep what they like: `distributary migrate` makes the table for it."""

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """The table is made by what keeps it; the revision has it asked to."""
