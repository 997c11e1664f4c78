"""A company with topics of its own on the servers of the run."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest

from infra.settings import KafkaClient

if TYPE_CHECKING:
    from originals import Originals
    from workers.company import Company
    from workers.sick import Sick

    from infra.events import Recorded

CLIENT = "DISTRIBUTARY_TEST_KAFKA_CLIENT"


@pytest.fixture
def kafka_client() -> KafkaClient:
    """The library that speaks to Kafka; `both_clients` runs a test with each.

    DISTRIBUTARY_TEST_KAFKA_CLIENT=confluent runs all the others with the other one.
    """
    return cast("KafkaClient", os.environ.get(CLIENT, "kafka-python"))


@pytest.fixture
def company(
    originals: "Originals", kafka: Any, topic_prefix: str, kafka_client: KafkaClient
) -> Iterator["Company"]:
    from originals import prepared
    from workers.company import opened  # here, so that pure tests need not wait for it

    with originals.copied("postgres", prepared) as url:
        company = opened(url, kafka.bootstrap, topic_prefix, kafka_client)
        yield company
        company.close()


@pytest.fixture
def sick(company: "Company") -> "Sick":
    from workers.sick import fallen_sick

    return fallen_sick(company)


@pytest.fixture
def stream(company: "Company", sick: "Sick") -> "list[Recorded]":
    from workers.sick import parked

    return parked(company, sick)
