"""A company with topics of its own on the servers of the run."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from workers.company import Company


@pytest.fixture
def company(postgres_url: str, kafka: Any, topic_prefix: str) -> Iterator["Company"]:
    from workers.company import found  # here, so that pure tests need not wait for it

    company = found(postgres_url, kafka.bootstrap, topic_prefix)
    yield company
    company.close()
