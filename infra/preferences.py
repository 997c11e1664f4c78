"""What each account likes: one small document of its own, which nobody else reads."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, select, update

from infra.bulk import dialect_insert
from infra.database import Database

MOST = 64 << 10
"""Bytes of an account's document, written as JSON."""
NOTHING = "{}"

metadata = MetaData()

preferences = Table(
    "preferences",
    metadata,
    Column("account", Text, primary_key=True),
    Column("document", Text, nullable=False),
)

Document = Mapping[str, Any]


class PreferencesTooLarge(Exception):
    """The document would be larger than it may be."""


class Preferences:
    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, account: str) -> Document:
        query = select(preferences.c.document).where(preferences.c.account == account)
        with self.database.read() as connection:
            found: Document = json.loads(connection.execute(query).scalar() or NOTHING)
        return found

    def change(self, account: str, change: Document) -> Document:
        """Merge a change into the document; of two at once, none undoes what the other names."""
        mine = preferences.c.account == account
        locked = select(preferences.c.document).where(mine).with_for_update()
        with self.database.write() as connection:
            first = dialect_insert(connection, preferences)
            first = first.values(account=account, document=NOTHING)
            connection.execute(first.on_conflict_do_nothing(index_elements=["account"]))
            kept: Document = merged(json.loads(connection.execute(locked).scalar_one()), change)
            written = json.dumps(kept, separators=(",", ":"))
            if len(written) > MOST:
                raise PreferencesTooLarge
            connection.execute(update(preferences).where(mine).values(document=written))
        return kept


def merged(kept: Any, change: Any) -> Any:
    """By JSON Merge Patch (RFC 7396): null removes, objects are merged, all else is replaced."""
    if not isinstance(change, Mapping):
        return change
    found = dict(kept) if isinstance(kept, Mapping) else {}
    for name, value in change.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found
