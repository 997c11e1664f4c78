"""The libraries that can speak to Kafka: what is asked of one is asked of the other."""

from importlib.util import find_spec

import pytest

MISSING = find_spec("confluent_kafka") is None
EACH = (
    "kafka-python",
    pytest.param("confluent", marks=pytest.mark.skipif(MISSING, reason="needs confluent-kafka")),
)
both_clients = pytest.mark.parametrize("kafka_client", EACH)
