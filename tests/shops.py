"""What the tests of processes share: a shop of their own on each kind of database."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shop import Shop


@pytest.fixture
def shop(database_url: str) -> Iterator["Shop"]:
    from shop import Shop  # here, since only tests run under the filters for its libraries

    shop = Shop(database_url)
    shop.open()
    yield shop
    shop.database.close()
