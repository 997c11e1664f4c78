"""API keys have ids, labels, ends, scopes and a last use; who signs in has tables for it."""

from alembic import op
from sqlalchemy import BigInteger, Column, Text, inspect, text

revision = "0011"
down_revision = "0010"

ADDED = {
    "id": Text,
    "label": Text,
    "scopes": Text,
    "ends_at": BigInteger,
    "last_used_at": BigInteger,
}


def upgrade() -> None:
    """Older keys are called by the beginning of their digests, as newer ones are."""
    connection = op.get_bind()
    look = inspect(connection)
    if not look.has_table("api_keys"):
        return
    known = {column["name"] for column in look.get_columns("api_keys")}
    for name, kind in ADDED.items():
        if name not in known:
            op.add_column("api_keys", Column(name, kind))
    for (digest,) in connection.execute(text("SELECT digest FROM api_keys WHERE id IS NULL")).all():
        named = {"id": bytes(digest).hex()[:16], "digest": digest}
        connection.execute(text("UPDATE api_keys SET id = :id WHERE digest = :digest"), named)
    if "api_keys_id" not in {index["name"] for index in look.get_indexes("api_keys")}:
        op.create_index("api_keys_id", "api_keys", ["id"], unique=True)
