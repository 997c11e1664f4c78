"""Over topics of 12 partitions, however many projectors there are, the figures are the same."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from waiting import until
from workers.books import balanced
from workers.company import Company, busy

from projections.engine import generations
from scale.ground import PARTITIONS, found, shares, workers
from services.bootstrap import READ

if TYPE_CHECKING:
    from services.local.postgres import Postgres

JOIN_LIMIT, READ_LIMIT = 60, 60
TOPICS_HEARD = len({kind for view in READ for kind in view.kinds})
MORE = 150


@pytest.fixture(scope="module")
def company(postgres: "Postgres", kafka: Any) -> Iterator[Company]:
    """One company, whose topics are read by all the tests of this file, one after another."""
    name = f"scale_{uuid.uuid4().hex[:12]}"
    url = postgres.create_database(name)
    company = found(url, kafka.bootstrap, name.replace("_", "-"))
    company.work(1_500)
    yield company
    company.close()
    postgres.drop_database(name)


def forget(company: Company) -> None:
    """The views are empty, and have heard nothing."""
    with company.platform.database.write() as connection:
        for view in company.platform.views:
            generations.forget(connection, view, 1)
        generations.create(connection, company.platform.views)


def all_take_part(company: Company, count: int) -> None:
    """Wait until everybody has an equal part of each topic, and some work was done that way."""
    even = [[PARTITIONS // count] * TOPICS_HEARD] * count
    until(lambda: shares(company) == even, JOIN_LIMIT, 0.2)
    met = company.head()
    until(lambda: company.head() > met + MORE, READ_LIMIT, 0.1)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_figures_are_exact_however_many_processes_make_them(company: Company, count: int) -> None:
    forget(company)
    before = company.head()
    with workers(company, *["project"] * count):
        with busy(company):
            all_take_part(company, count)
        with company.publishing() as rest:
            rest.drain()
        until(company.is_complete, READ_LIMIT, 0.1)
    assert balanced(company) > before + MORE
