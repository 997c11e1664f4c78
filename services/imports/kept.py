"""What was imported, by whom and with what outcome: kept, so that it can be followed and undone."""

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    select,
    update,
)

from services.imports.sources import Spec
from services.jobs.leases import RUNNING, WAITING, Leases

metadata = MetaData()

imports = Table(
    "imports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("key", Text),
    Column("content", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("result", Text, nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("leased_by", Text),
    Column("leased_until", BigInteger),
)
"""`after` and `until` are positions between which its events are; `until` is 0 as long as it runs.

`content` is the digest of the file and of all that was said about it. Who holds the lease works
on it; when the lease has run out, another may."""

Index("imports_key", imports.c.actor, imports.c.key, unique=True)

contents = Table(
    "import_files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("file", LargeBinary),
    Column("refused", LargeBinary),
)
"""The file for as long as it is wanted, and the rows that were refused, as CSV."""

DONE, FAILED, UNDONE = "done", "failed", "undone"
leases = Leases(imports, imports.c.key.is_not(None))
"""Of those that were asked for over HTTP; others are worked on where they are asked for."""
BRIEF = [column for column in imports.c if column.name not in {"content", "leased_by", "key"}]


class ImportJob(msgspec.Struct, frozen=True):
    """An import that was asked for."""

    id: str
    actor: str
    name: str
    spec: Spec
    dry_run: bool = False
    language: str = "en"


def begin(
    connection: Connection,
    job: ImportJob,
    content: str,
    now: int,
    after: int,
    key: str | None = None,
) -> None:
    """Keep an import that is about to begin."""
    row = {
        "id": job.id,
        "actor": job.actor,
        "key": key,
        "content": content,
        "name": job.name,
        "spec": msgspec.json.encode(job.spec).decode(),
        "dry_run": job.dry_run,
        "language": job.language,
        "state": WAITING if key else RUNNING,
        "done": 0,
        "result": "{}",
        "after": after,
        "until": 0,
        "asked_at": now,
    }
    connection.execute(insert(imports).values(row))


def again(connection: Connection, id: str) -> bool:
    """Let an import begin again that was begun before; says whether there was one."""
    values = {"state": RUNNING, "until": 0, "ended_at": None}
    return connection.execute(update(imports).where(imports.c.id == id).values(values)).rowcount > 0


def under(connection: Connection, actor: str, key: str) -> tuple[str, str] | None:
    """Id and content of the import that was asked for under a key."""
    query = select(imports.c.id, imports.c.content)
    row = connection.execute(query.where(imports.c.actor == actor, imports.c.key == key)).first()
    return None if row is None else (row.id, row.content)


def claim(connection: Connection, who: str, now: int) -> ImportJob | None:
    """Take the lease of the oldest import that nobody works on."""
    found = leases.claim(connection, who, now)
    if found is None:
        return None
    spec = msgspec.json.decode(found.spec, type=Spec)
    return ImportJob(found.id, found.actor, found.name, spec, found.dry_run, found.language)


def end(
    connection: Connection, id: str, state: str, result: dict[str, Any], now: int, until: int
) -> None:
    values = {
        "state": state,
        "result": msgspec.json.encode(result).decode(),
        "until": until,
        "ended_at": now,
        "leased_until": None,
    }
    connection.execute(update(imports).where(imports.c.id == id).values(values))


def undone(connection: Connection, id: str) -> None:
    connection.execute(update(imports).where(imports.c.id == id).values(state=UNDONE))


def read(connection: Connection, id: str) -> dict[str, Any] | None:
    row = connection.execute(select(*BRIEF).where(imports.c.id == id)).mappings().first()
    return None if row is None else _shown(dict(row))


def latest(connection: Connection, limit: int, actor: str | None = None) -> list[dict[str, Any]]:
    """The newest first; of one actor alone, where he is named."""
    query = select(*BRIEF).order_by(imports.c.asked_at.desc(), imports.c.id).limit(limit)
    if actor is not None:
        query = query.where(imports.c.actor == actor)
    return [_shown(dict(row)) for row in connection.execute(query).mappings()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    row["spec"] = msgspec.json.decode(row["spec"], type=Spec)
    row["result"] = msgspec.json.decode(row["result"])
    return row


def keep_file(connection: Connection, id: str, file: bytes) -> None:
    connection.execute(insert(contents).values(id=id, file=file, refused=b""))


def file(connection: Connection, id: str) -> bytes:
    found = connection.execute(select(contents.c.file).where(contents.c.id == id)).scalar()
    return bytes(found or b"")


def keep_refused(connection: Connection, id: str, refused: bytes) -> None:
    """The file is not wanted any more, but what was refused of it is."""
    values = {"file": None, "refused": refused}
    connection.execute(update(contents).where(contents.c.id == id).values(values))


def refused(connection: Connection, id: str) -> bytes:
    found = connection.execute(select(contents.c.refused).where(contents.c.id == id)).scalar()
    return bytes(found or b"")
