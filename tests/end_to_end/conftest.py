"""A company whose workers and broker may be killed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pace import lasting
from servers import log_file

if TYPE_CHECKING:
    from end_to_end.nursery import Nursery
    from workers.company import Company

    from services.local.kafka import LocalKafka

SESSION = lasting(1)


@pytest.fixture(scope="session")
def mortal_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator["LocalKafka"]:
    """A broker that may be killed, and that notices soon when a member of a group was."""
    from services.local.kafka import LocalKafka

    home = tmp_path_factory.mktemp("mortal") / "kafka"
    soon = {"group.min.session.timeout.ms": "500"}
    broker = LocalKafka(home, log_file("mortal-kafka"), settings=soon, temporary=True)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def company(
    postgres_url: str, mortal_kafka: "LocalKafka", topic_prefix: str
) -> Iterator["Company"]:
    from workers.company import found

    company = found(postgres_url, mortal_kafka.bootstrap, topic_prefix)
    yield company
    company.close()


@pytest.fixture
def nursery(company: "Company", tmp_path: Path) -> Iterator["Nursery"]:
    from end_to_end.nursery import Nursery

    settings = {**company.environment, "NURSERY_SESSION": str(SESSION)}
    with Nursery(tmp_path, settings) as nursery:
        yield nursery
