"""Three roles of PostgreSQL, so that nobody but the owner of the tables can change an event.

What each may do with a table follows from where the table is declared. A table that is declared
nowhere below is refused, so that none is readable by chance.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, MetaData, text

from infra import access_rows, attempts, keys, passwords, preferences, sessions, tables
from projections.engine import progress
from services.bootstrap import READ
from services.exports import manifests
from services.files import uploads
from services.imports import kept
from services.jobs import kept as jobs
from services.notices import inbox
from services.processes import positions

NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
MADE_BY_MIGRATIONS = "alembic_version"

SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname=current_user"
CHANGE = "SELECT, INSERT, UPDATE, DELETE"
ADD = "SELECT, INSERT"


class DatabaseRole(StrEnum):
    """The writer is for the API and the processes, the projector also for the publisher."""

    WRITER = "writer"
    PROJECTOR = "projector"
    READER = "reader"

    def named(self, prefix: str) -> str:
        return f"{prefix}_{self}"


class UngrantedTable(Exception):
    """A table of which nobody has said who may do what."""


Grants = Mapping[DatabaseRole, str]
W, P, R = DatabaseRole.WRITER, DatabaseRole.PROJECTOR, DatabaseRole.READER
OF_LOG: Mapping[str, Grants] = {
    tables.events.name: {W: ADD, P: "SELECT", R: "SELECT"},
    tables.keys.name: {W: ADD, P: "SELECT"},
    tables.references.name: {W: ADD, P: "SELECT"},
    tables.head.name: {W: "SELECT, INSERT, UPDATE", P: "SELECT", R: "SELECT"},
    tables.snapshots.name: {W: CHANGE},
}
OF_WRITER: tuple[MetaData, ...] = (
    keys.metadata,
    passwords.metadata,
    sessions.metadata,
    attempts.metadata,
    preferences.metadata,
    access_rows.metadata,
    manifests.metadata,
    kept.metadata,
    uploads.metadata,
    inbox.metadata,
)
"""Who gets in, and what he likes; imports, exports, files, notices: nobody else is shown them."""
OF_READ_MODELS: Grants = {W: CHANGE, P: "ALL", R: "SELECT"}
"""The projector owns them, since a rebuild makes and drops tables; the API mends parked rows."""


class Owned(NamedTuple):
    table: str
    owner: str


def prefixes(connection: Connection) -> list[str]:
    """Of the roles that were granted in this database before."""
    query = text(
        "SELECT DISTINCT r.rolname FROM pg_default_acl d JOIN pg_roles r ON r.oid=d.defaclrole"
    )
    ending = P.named("")
    names = [name for name in connection.execute(query).scalars() if name.endswith(ending)]
    return sorted(name.removesuffix(ending) for name in names)


def grant(connection: Connection, prefix: str) -> list[str]:
    """Make the roles where they are missing and grant them what they need and nothing else;
    answers those that are new, which have no password yet. Runs as the owner of the tables.
    """
    present = list(_owned(connection))
    wanted = {one.table: granted(one.table) for one in present}
    made = _missing(connection, prefix)
    for statement in _statements(connection, prefix, made, present, wanted):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    return made


def set_passwords(connection: Connection, passwords: Mapping[str, str]) -> None:
    """By the names of roles. Connections that are open stay open."""
    for name, password in passwords.items():
        connection.execute(text(f"ALTER ROLE {name} PASSWORD :password"), {"password": password})


def granted(table: str) -> Grants:
    """Who may do what with a table, by its name."""
    if table in OF_LOG:
        return OF_LOG[table]
    if re.fullmatch(rf"{tables.events.name}_\d+", table):
        return {}  # by way of the table that it is a part of
    if table == MADE_BY_MIGRATIONS:
        return dict.fromkeys(DatabaseRole, "SELECT")
    if table in jobs.metadata.tables:
        return {W: CHANGE, P: CHANGE}  # the projector works on those that make views anew
    if any(table in metadata.tables for metadata in OF_WRITER):
        return {W: CHANGE}
    if table in positions.metadata.tables:
        # How far processes are belongs to how the platform is, which whoever reads it may know.
        return {W: CHANGE, P: "SELECT", R: "SELECT"}
    if is_read_model(table):
        return OF_READ_MODELS
    raise UngrantedTable(
        f"of the table {table} nobody has said which role may do what: it is not of this build;"
        " drop it, or move it to another schema"
    )


def is_read_model(table: str) -> bool:
    if table in progress.metadata.tables:
        return True
    first = (one.name for view in READ for one in view.every_table(1))
    return re.sub(r"_\d+_(?=[a-z]+$)", "_1_", table) in set(first)


def _owned(connection: Connection) -> Iterator[Owned]:
    query = text(
        "SELECT c.relname, pg_get_userbyid(c.relowner) FROM pg_class c"
        " WHERE c.relnamespace=current_schema()::regnamespace AND c.relkind IN ('r', 'p')"
        " ORDER BY c.relname"
    )
    for name, owner in connection.execute(query):
        yield Owned(name, owner)


def _missing(connection: Connection, prefix: str) -> list[str]:
    names = [role.named(prefix) for role in DatabaseRole]
    query = text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)")
    there = set(connection.execute(query, {"names": names}).scalars())
    return [name for name in names if name not in there]


def _statements(
    connection: Connection,
    prefix: str,
    made: Iterable[str],
    present: Iterable[Owned],
    wanted: Mapping[str, Grants],
) -> Iterator[str]:
    database, schema, me = connection.exec_driver_sql(
        "SELECT current_database(), current_schema(), current_user"
    ).one()
    roles = [role.named(prefix) for role in DatabaseRole]
    every, projector = ", ".join(roles), P.named(prefix)
    yield from (f"CREATE ROLE {name} LOGIN" for name in made)
    if not connection.exec_driver_sql(SUPERUSER).scalar_one():
        yield f'GRANT {projector} TO "{me}"'  # to hand tables over to it, and to migrate them
    yield f'GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {every}'
    yield f'GRANT USAGE ON SCHEMA "{schema}" TO {every}'
    yield f'GRANT CREATE ON SCHEMA "{schema}" TO {projector}'
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA "{schema}" FROM {every}'
    for one in present:
        if wanted[one.table] is OF_READ_MODELS and one.owner != projector:
            yield f"ALTER TABLE {one.table} OWNER TO {projector}"
        for role, what in wanted[one.table].items():
            yield f"GRANT {what} ON {one.table} TO {role.named(prefix)}"
    ahead = f'ALTER DEFAULT PRIVILEGES FOR ROLE {projector} IN SCHEMA "{schema}"'
    for role in (W, R):
        yield f"{ahead} GRANT {OF_READ_MODELS[role]} ON TABLES TO {role.named(prefix)}"
    yield tables.PARTITION_AS_OWNER.format(schema=schema)
    yield f"REVOKE ALL ON FUNCTION {tables.NEW_PARTITION}(bigint) FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {tables.NEW_PARTITION}(bigint) TO {W.named(prefix)}"
