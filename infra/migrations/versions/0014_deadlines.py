"""What processes ask later is kept: `distributary migrate` makes the tables for it."""

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    """The processes make their tables themselves; the revision has them asked to."""
