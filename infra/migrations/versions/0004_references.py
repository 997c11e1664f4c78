"""Events are found by their references, and a snapshot knows the latest date of its stream.

Snapshots of older builds do not know it: they are dropped, and taken anew from the events.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, Text, inspect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if not inspect(op.get_bind()).has_table("log_references"):
        op.create_table(
            "log_references",
            Column("stream", Text, primary_key=True),
            Column("reference", Text, primary_key=True),
            Column("position", BigInteger, nullable=False),
        )
    op.drop_table("log_snapshots")
    op.create_table(
        "log_snapshots",
        Column("stream", Text, primary_key=True),
        Column("version", BigInteger, primary_key=True, autoincrement=False),
        Column("shape", Text, nullable=False),
        Column("state", LargeBinary, nullable=False),
        Column("latest", BigInteger, nullable=False),
    )
