"""What the tests of processes share: a shop of their own on each kind of database."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from originals import Originals
    from shop import Shop


def opened(url: str) -> None:
    from shop import Shop  # here, since only tests run under the filters for its libraries

    shop = Shop(url)
    shop.open()
    shop.database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, originals: "Originals") -> Iterator["Shop"]:
    from shop import Shop

    with originals.copied(request.param, opened) as url:
        shop = Shop(url)
        yield shop
        shop.database.close()
