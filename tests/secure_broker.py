"""A real broker with the settings and the users of compose.production.yaml."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection
from typing import Any

import pytest
import yaml
from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from servers import log_file

from infra.certificates import Authority
from infra.kafka_access import KafkaAccess, KafkaRole, permissions
from infra.kafka_security import KafkaSecurity
from infra.limits import Limits
from services.local.kafka import ANSWER_MS, LocalKafka
from services.local.process import free_port

ROOT = Path(__file__).parents[1]
PRODUCTION: dict[str, Any] = yaml.safe_load((ROOT / "compose.production.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = PRODUCTION["services"]
OF_DOCKER = {":9092", ":9093", ":9094", ":9095"}


def properties(environment: Mapping[str, str]) -> dict[str, str]:
    """As the image of Kafka reads its environment: three underscores are a hyphen, two one."""
    found = {}
    for name, value in environment.items():
        words = name.removeprefix("KAFKA_").lower().replace("___", "-").replace("__", "\0")
        found[words.replace("_", ".").replace("\0", "_")] = value
    return found


class SecureBroker(LocalKafka):
    """Passwords are the users' names."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory / "kafka", log_file("secure-kafka"), temporary=True)
        self.ca, self.foreign = Authority(directory / "ca"), Authority(directory / "foreign")
        for authority in (self.ca, self.foreign):
            authority.found()
            authority.issue("admin")
        self.ca.issue("kafka", ["127.0.0.1"])
        self.ca.issue("expired", days=-1)
        self.internal = f"127.0.0.1:{free_port()}"
        self.settings |= self._of_production()

    def _of_production(self) -> dict[str, str]:
        places = {
            "CLIENTS://": self.bootstrap,
            "CONTROLLER://": f"127.0.0.1:{self.controller_port}",
            "INTERNAL://": self.internal,
        }
        given = properties(SERVICES["kafka"]["environment"])
        folder = str(self.ca.directory)
        listeners = [name + place for name, place in places.items()]
        return {
            **{name: value.replace("/certificates", folder) for name, value in given.items()},
            "listeners": ",".join(listeners),
            "advertised.listeners": ",".join(one for one in listeners if "CONTROLLER" not in one),
            "controller.quorum.voters": self.settings["controller.quorum.voters"],
        }

    def _answers(self) -> bool:
        try:  # kafka-python forgets to close the sockets of connections that were refused
            create_connection(
                ("127.0.0.1", int(self.internal.partition(":")[2])), timeout=1
            ).close()
            admin = KafkaAdminClient(
                bootstrap_servers=self.internal,
                bootstrap_timeout_ms=ANSWER_MS,
                **self.admin.for_kafka_python(),
            )
        except (KafkaError, OSError):
            return False
        admin.close()
        return True

    @property
    def admin(self) -> KafkaSecurity:
        return self.by_certificate(self.ca, "admin")

    def by_certificate(self, authority: Authority, name: str) -> KafkaSecurity:
        certificate, key = (authority.directory / f"{name}.{end}" for end in ("pem", "key"))
        return KafkaSecurity("SSL", ca=self.ca.certificate, certificate=certificate, key=key)

    def user(self, name: str, password: str | None = None) -> KafkaSecurity:
        ca = self.ca.certificate
        return KafkaSecurity("SASL_SSL", user=name, password=password or name, ca=ca)

    @contextmanager
    def access(self) -> Iterator[KafkaAccess]:
        access = KafkaAccess(self.internal, self.admin, Limits())
        try:
            yield access
        finally:
            access.close()

    def grant(self, user: str, role: str, prefix: str, *kinds: str) -> None:
        topics = [f"{prefix}.{kind}" for kind in kinds]
        with self.access() as access:
            access.set(user, user, permissions(KafkaRole(role), user, prefix, "main", topics))


def of_compose() -> list[list[str]]:
    """What compose.production.yaml sets of each user, as words."""
    lines = SERVICES["kafka-users"]["command"][0].splitlines()
    return [shlex.split(line) for line in lines]


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureBroker]:
    broker = SecureBroker(tmp_path_factory.mktemp("secure"))
    broker.start()
    yield broker
    broker.stop()
