"""Imports are kept with their files: `distributary migrate` makes the tables for them."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """The imports make their tables themselves; the revision has them asked to."""
