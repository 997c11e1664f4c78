"""What each account has uploaded, and so how much room is left: counted before it is kept.

A row is written before the content and the event are. One that was never `recorded` is of an upload
that did not come to its end.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    Table,
    Text,
    delete,
    func,
    select,
    text,
    update,
)

from infra import bulk

metadata = MetaData()
uploads = Table(
    "file_uploads",
    metadata,
    Column("log", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("copy", BigInteger, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("uploaded_at", BigInteger, nullable=False),
    Column("recorded", Boolean, nullable=False),
)
Index("file_uploads_account", uploads.c.log, uploads.c.account)
Index("file_uploads_unfinished", uploads.c.uploaded_at, postgresql_where=~uploads.c.recorded)
cleaned = Table(
    "files_cleaned",
    metadata,
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""Up to where what was uploaded and detached has been looked through for what is to be removed."""

ONE_AT_A_TIME = text("LOCK TABLE file_uploads IN SHARE ROW EXCLUSIVE MODE")
PAGE = 500


class Upload(NamedTuple):
    """A copy of a content, and who has sent it."""

    digest: str
    copy: int
    account: str
    size: int


class Quotas(NamedTuple):
    """Bytes that all accounts together, and one of them, may keep."""

    everybody: int
    account: int


class QuotaReached(Exception):
    """There is no room for an upload: `whose`, how much is `used`, and how much may be."""

    def __init__(self, whose: str | None, used: int, limit: int, size: int) -> None:
        super().__init__(f"{used} of {limit} bytes are used, {size} more are asked for")
        self.whose, self.used, self.limit, self.size = whose, used, limit, size


def reserve(connection: Connection, log: str, upload: Upload, quotas: Quotas, now: int) -> None:
    """Count an upload before its content is kept; raises `QuotaReached`.

    Of those that come at the same moment, each sees what the one before has taken.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(ONE_AT_A_TIME)
    row = {"log": log, **upload._asdict(), "uploaded_at": now, "recorded": False}
    insert = bulk.dialect_insert(connection, uploads).values(row)
    known = insert.on_conflict_do_update(
        index_elements=["log", "digest", "copy", "account"], set_={"uploaded_at": now}
    )
    before = used(connection, log), used(connection, log, upload.account)
    connection.execute(known)
    after = used(connection, log), used(connection, log, upload.account)
    for whose, was, would, limit in zip((None, upload.account), before, after, quotas, strict=True):
        if would > max(limit, was):  # what is there already needs no more room
            raise QuotaReached(whose, was, limit, would - was)


def used(connection: Connection, log: str, account: str | None = None) -> int:
    """Bytes of what an account has uploaded, or of all that is kept; the same content once."""
    copies = select(uploads.c.digest, uploads.c.copy, uploads.c.size).distinct()
    copies = copies.where(uploads.c.log == log)
    if account is not None:
        copies = copies.where(uploads.c.account == account)
    return int(connection.scalar(select(func.sum(copies.subquery().c.size))) or 0)


def by_account(connection: Connection, log: str) -> list[tuple[str, int]]:
    """Each account that has uploaded anything, and how many bytes, those with the most first."""
    total = func.sum(uploads.c.size).label("total")
    query = select(uploads.c.account, total).where(uploads.c.log == log)
    query = query.group_by(uploads.c.account).order_by(total.desc(), uploads.c.account)
    return [(row.account, int(row.total)) for row in connection.execute(query)]


def recorded(connection: Connection, log: str, upload: Upload) -> None:
    """Its event is in the log."""
    connection.execute(update(uploads).where(*_is(log, upload)).values(recorded=True))


def unfinished(connection: Connection, log: str, before: int) -> list[Upload]:
    """Uploads of which no event was seen, of before that instant."""
    where = uploads.c.log == log, ~uploads.c.recorded, uploads.c.uploaded_at < before
    query = select(*(uploads.c[name] for name in Upload._fields)).where(*where)
    return [Upload(*row) for row in connection.execute(query.limit(PAGE))]


def forget(connection: Connection, log: str, upload: Upload, before: int) -> int:
    """Count an upload no more that has not begun again since; answers how many rows it had."""
    where = *_is(log, upload), ~uploads.c.recorded, uploads.c.uploaded_at < before
    return connection.execute(delete(uploads).where(*where)).rowcount


def forget_copy(connection: Connection, log: str, digest: str, copy: int) -> None:
    """Whoever has uploaded it: its content is gone, and takes no room."""
    where = uploads.c.log == log, uploads.c.digest == digest, uploads.c.copy == copy
    connection.execute(delete(uploads).where(*where))


def copies(connection: Connection, log: str) -> Iterator[tuple[str, int]]:
    """Each copy that was counted, in the order of the digests."""
    pair = uploads.c.digest, uploads.c.copy
    query = select(*pair).distinct().where(uploads.c.log == log).order_by(*pair)
    for row in connection.execute(query):
        yield row.digest, row.copy


def looked_to(connection: Connection, log: str) -> int:
    where = cleaned.c.log == log
    return int(connection.scalar(select(cleaned.c.position).where(where)) or 0)


def look_on(connection: Connection, log: str, position: int) -> None:
    """Go on from there next time; of two who clean at once, the one who is further counts."""
    insert = bulk.dialect_insert(connection, cleaned).values(log=log, position=position)
    further = {"position": insert.excluded.position}
    where = cleaned.c.position < insert.excluded.position
    connection.execute(
        insert.on_conflict_do_update(index_elements=["log"], set_=further, where=where)
    )


def _is(log: str, upload: Upload) -> tuple[ColumnElement[bool], ...]:
    return (
        uploads.c.log == log,
        uploads.c.digest == upload.digest,
        uploads.c.copy == upload.copy,
        uploads.c.account == upload.account,
    )
