"""What is sent to a database: through SQLAlchemy, and past it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from infra import bulk


@contextmanager
def heard(by: Engine | Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent in the block, with their values."""
    sent: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        sent.append((statement, values))

    def driven(connection: Connection, statement: str, values: Any) -> Any:
        if by in (connection, connection.engine):
            sent.append((statement, values))
        return known(connection, statement, values)

    known = bulk.driven
    event.listen(by, "before_cursor_execute", hear)
    try:
        with patch.object(bulk, "driven", driven):
            yield sent
    finally:
        event.remove(by, "before_cursor_execute", hear)
