"""What can be read on the way to the servers, and who could change what was recorded."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from services.bootstrap import Platform
from services.commandline.checks import CheckFinding, ok, warn

MAY_CHANGE = (
    "SELECT current_user, has_table_privilege('log_events', 'UPDATE')"
    " OR has_table_privilege('log_events', 'DELETE')"
    " OR has_table_privilege('log_events', 'TRUNCATE')"
)
OF_THIS_MACHINE = {None, "", "localhost", "127.0.0.1", "::1"}


def encryption(platform: Platform) -> CheckFinding:
    """Connections within this machine need none."""
    open_ones = [name for name, is_open in _open(platform).items() if is_open]
    if not open_ones:
        return ok("whoever listens on the way reads nothing")
    return warn(
        f"not encrypted: {', '.join(open_ones)}",
        "add ?sslmode=verify-full&sslrootcert=FILE to DISTRIBUTARY_DATABASE_URL, set"
        " DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL=SASL_SSL: see docs/operate.md",
    )


def _open(platform: Platform) -> dict[str, bool]:
    settings = platform.settings
    kafka = (settings.kafka or "").split(",")
    away = settings.kafka is not None and not all(map(_is_here, kafka))
    return {
        "the database": not platform.database.sqlite and _database_is_open(platform),
        "Kafka": away and not settings.kafka_security_protocol.endswith("SSL"),
    }


def _is_here(address: str) -> bool:
    return address.strip().rpartition(":")[0].strip("[]") in OF_THIS_MACHINE


def _database_is_open(platform: Platform) -> bool:
    host = make_url(platform.settings.database).host
    if host in OF_THIS_MACHINE or str(host).startswith("/"):
        return False
    with platform.database.read() as connection:
        return not _driver(connection).info.ssl_in_use


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def events_may_change(platform: Platform) -> CheckFinding:
    if platform.database.sqlite:
        return ok("SQLite has no roles: who may write its file may change events")
    with platform.database.read() as connection:
        role, may = connection.exec_driver_sql(MAY_CHANGE).one()
    if may:
        return warn(
            f"the role {role} may change and delete events",
            "run `distributary grant-roles`, and let API and workers sign in by its roles",
        )
    return ok(f"the role {role} may change no event")
