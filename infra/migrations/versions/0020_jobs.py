"""Work that takes long is kept: `distributary migrate` makes the table for it."""

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """The jobs make their table themselves; the revision has it asked to."""
