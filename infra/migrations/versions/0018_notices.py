"""People are told of events: `distributary migrate` makes the tables for it."""

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    """The notices make their tables themselves; the revision has them asked to."""
