"""Views are tried on each kind of database, on as many empty ones as a test asks for.

The folders that try them import these fixtures in their `conftest.py`.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from company import Company, Found
    from originals import Originals


@pytest.fixture
def company(originals: "Originals") -> Iterator["Company"]:
    """A company that keeps its books in a file."""
    from company import Company, prepared  # here, so that warnings are filtered already

    with originals.copied("sqlite", prepared) as url, Company(url) as company:
        yield company


@pytest.fixture(params=["sqlite", "postgres"])
def found(request: pytest.FixtureRequest, originals: "Originals") -> Iterator["Found"]:
    """Founds a company in an empty database, each time it is called."""
    from company import Company, prepared

    with ExitStack() as stack:

        def company() -> Company:
            url = stack.enter_context(originals.copied(request.param, prepared))
            return stack.enter_context(Company(url))

        yield company
