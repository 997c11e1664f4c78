"""Workers that Kafka does not let in wait, say why at `/status`, and go on when it is mended."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from clients import both_clients
from docs.pages import ROOT, blocks
from pace import limit
from pydantic import SecretStr
from secure_broker import SecureBroker, of_compose
from secure_broker import secure as secure
from waiting import until

from commands.inventory.stock import ReceiveStock
from infra.settings import KafkaClient, Settings
from services import bootstrap
from services.api.status import system_status
from services.bootstrap import Platform, request
from services.commandline.doctor import examine, of_kafka
from services.commandline.error_notes import ErrorNotes
from services.commandline.loops import Made, WorkerLoop, publishing
from services.commandline.projecting import projecting
from services.local.kafka import tool
from services.workers.publish import Publisher

PAGE = ROOT / "docs/subscribe.md"
PROGRAM = Path(sys.executable).with_name("distributary")


class Secured:
    """A company whose workers sign in to Kafka as users of their own."""

    def __init__(self, url: str, secure: SecureBroker, prefix: str, client: KafkaClient) -> None:
        self.url, self.secure, self.prefix, self.client = url, secure, prefix, client
        self.folder = secure.directory

    def settings(self, user: str, secret: Path) -> Settings:
        return Settings(
            database_url=SecretStr(self.url),
            kafka=self.secure.bootstrap,
            kafka_client=self.client,
            kafka_security_protocol="SASL_SSL",
            kafka_ca=self.secure.ca.certificate,
            kafka_user=user,
            kafka_password_file=secret,
            topic_prefix=self.prefix,
            partitions=1,
        )

    def secret(self, user: str, password: str) -> Path:
        file = self.folder / f"{self.prefix}-{user}"
        file.write_text(f"{password}\n")
        return file

    def platform(self, user: str, password: str) -> Platform:
        return bootstrap.platform(self.settings(user, self.secret(user, password)))


@contextmanager
def running(platform: Platform, loop: WorkerLoop, made: Made) -> Iterator[None]:
    thread = Thread(target=loop.run, args=(made,))
    thread.start()
    try:
        yield
    finally:
        loop.stop()
        thread.join(limit(30))
        platform.close()


def worker(platform: Platform, name: str) -> WorkerLoop:
    return WorkerLoop(name, notes=ErrorNotes(platform.database, name))


def errors(platform: Platform) -> dict[str, str]:
    return {one["worker"]: one["error"] for one in system_status(platform)["worker_errors"]}


@both_clients
def test_the_users_of_compose_are_enough_and_a_worker_without_its_right_waits_and_goes_on(
    postgres_url: str, secure: SecureBroker, topic_prefix: str, kafka_client: KafkaClient
) -> None:
    if kafka_client == "confluent":  # what the commands give is the same for both
        secure.grant("publisher", "publisher", topic_prefix)
        secure.grant("projector", "projector", topic_prefix)
    else:
        grant_as_compose(secure, topic_prefix)
    company = Secured(postgres_url, secure, topic_prefix, kafka_client)
    asks = company.platform("publisher", "a wrong one")
    asks.prepare()
    what = {"location": "WH-1", "item": "tea", "quantity": 5, "reference": "R-1"}
    asks.executor.execute(request(ReceiveStock.model_validate(what), "test", "R-1"))
    publisher, projector = (
        company.platform("publisher", "a wrong one"),
        company.platform("projector", "projector"),
    )
    publishes, projects = worker(publisher, "publish"), worker(projector, "project")
    with (
        running(publisher, publishes, publishing(publisher, publishes)),
        running(projector, projects, projecting(projector, projects)),
    ):
        until(lambda: errors(asks).keys() == {"publish", "project"})
        assert "does not know the user publisher by that password" in errors(asks)["publish"]
        assert "does not let our user read, write or make" in errors(asks)["project"]
        company.secret("publisher", "publisher")  # mended, and nothing started anew
        until(lambda: not errors(asks))
        until(lambda: system_status(asks)["views"]["dealer_stock"]["lag_events"] == 0)
    found = dict(examine(asks, [one._replace(needs=()) for one in of_kafka(asks.settings)]))
    assert {name: one.result for name, one in found.items()} == dict.fromkeys(found, "ok"), found
    asks.close()


def test_the_properties_of_the_page_let_an_analyst_read_what_was_granted(
    sqlite_url: str, secure: SecureBroker, topic_prefix: str
) -> None:
    secure.grant("publisher", "publisher", topic_prefix)
    secure.grant("anna", "analyst", topic_prefix, "stock")
    company = Secured(sqlite_url, secure, topic_prefix, "kafka-python")
    platform = company.platform("publisher", "publisher")
    platform.prepare()
    what = {"location": "WH-1", "item": "tea", "quantity": 5, "reference": "R-1"}
    platform.executor.execute(request(ReceiveStock.model_validate(what), "test", "R-1"))
    broker = platform.broker("test")
    publisher = Publisher(platform.store, broker, broker.topics(platform.topic_names(), 1, 1))
    with platform.database.read() as connection:
        publisher.resume(connection)
        until(lambda: not publisher.step(connection) and publisher.acknowledged >= 1)
    publisher.close()
    platform.close()
    file = secure.directory / "anna.properties"
    shown = next(one.text for one in blocks(PAGE, "ini") if "sasl.jaas.config" in one.text)
    ca = str(secure.ca.certificate)
    file.write_text(shown.replace("/home/anna/ca.pem", ca).replace("PASSWORD", "anna"))
    words = ["--command-config", str(file), "--group", "anna-look", "--from-beginning"]
    topic = f"{topic_prefix}.stock"
    ends = ["--max-messages", "1", "--timeout-ms", "20000"]
    read = tool(secure.bootstrap, "ConsoleConsumer", *words, "--topic", topic, *ends)
    assert "StockReceived" in read


def grant_as_compose(secure: SecureBroker, prefix: str) -> None:
    """By the very commands of compose.production.yaml; each password is the user's name."""
    admin = secure.admin
    environment = {
        **os.environ,
        "DISTRIBUTARY_KAFKA": secure.internal,
        "DISTRIBUTARY_KAFKA_SECURITY_PROTOCOL": "SSL",
        "DISTRIBUTARY_KAFKA_CA": str(admin.ca),
        "DISTRIBUTARY_KAFKA_CERTIFICATE": str(admin.certificate),
        "DISTRIBUTARY_KAFKA_KEY": str(admin.key),
        "DISTRIBUTARY_TOPIC_PREFIX": prefix,
    }
    for words in of_compose():
        file = secure.directory / f"secret-{words[3]}"
        file.write_text(words[3])
        done = subprocess.run(
            [PROGRAM, *words[1:-1], file],
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit(60),
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr
