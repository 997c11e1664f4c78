"""What was uploaded is counted: `distributary migrate` makes the tables for it."""

revision = "0016"
down_revision = "0014"


def upgrade() -> None:
    """The files make their tables themselves; the revision has them asked to."""
