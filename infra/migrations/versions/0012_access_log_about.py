"""The log of access is found by what it is about: `distributary migrate` makes the table for it."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The log makes its tables itself; the revision has it asked to."""
