"""What views have parked can be let go: an older `view_live` gets the count of how often."""

from alembic import op
from sqlalchemy import Column, Integer, inspect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    look = inspect(op.get_bind())
    if not look.has_table("view_live"):  # a new database: the views make it, with the column
        return
    if "parkings" not in {column["name"] for column in look.get_columns("view_live")}:
        column = Column("parkings", Integer, nullable=False, server_default="0")
        op.add_column("view_live", column)
