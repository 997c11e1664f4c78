"""What a process cannot react to is parked: `distributary migrate` makes the table for it."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The processes make their tables themselves; the revision has them asked to."""
