"""Closings that cannot be written are kept: `distributary migrate` makes the table for it."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """The views make their tables themselves; the revision has them asked to."""
