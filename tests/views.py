"""Views are tried on each kind of database, on as many empty ones as a test asks for.

The folders that try them import these fixtures in their `conftest.py`.
"""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from company import Company, Found

    from services.local.postgres import Postgres


@pytest.fixture
def company(sqlite_url: str) -> Iterator["Company"]:
    """A company that keeps its books in a file."""
    from company import Company  # here, so that warnings are filtered already

    with Company(sqlite_url) as company:
        yield company


@pytest.fixture(params=["sqlite", "postgres"])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Found"]:
    """Founds a company in an empty database, each time it is called."""
    from company import Company

    server: Postgres | None = None
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
    names = (f"views_{uuid.uuid4().hex[:8]}_{number}" for number in count())
    with ExitStack() as stack:

        def company() -> Company:
            name = next(names)
            if server is None:
                return stack.enter_context(Company(f"sqlite:///{tmp_path / name}.sqlite"))
            url = server.create_database(name)
            stack.callback(server.drop_database, name)
            return stack.enter_context(Company(url))

        yield company
