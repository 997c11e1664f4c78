"""A publisher's mark knows at which offset its record stands; of older marks that is not known."""

from alembic import op
from sqlalchemy import BigInteger, Column, inspect

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    look = inspect(op.get_bind())
    if not look.has_table("published_marks"):
        return
    if "last_offset" not in {column["name"] for column in look.get_columns("published_marks")}:
        known = Column("last_offset", BigInteger, nullable=False, server_default="-1")
        op.add_column("published_marks", known)
