"""Predicates are tried on each kind of database."""

from collections.abc import Iterator

import pytest
from originals import Originals
from sqlalchemy import Connection

from infra.database import Database


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, originals: Originals) -> Iterator[Connection]:
    """To a database of the module's own, as its `prepared` makes it."""
    with originals.copied(request.param, request.module.prepared) as url:
        database = Database(url)
        with database.write() as opened:
            yield opened
        database.close()
