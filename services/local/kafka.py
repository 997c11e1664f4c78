"""A real Kafka broker of one's own: it keeps its data, ports and log across starts."""

import base64
import os
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from socket import create_connection

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from services.local import jars
from services.local.process import ChildProcess, NotReady, free_port, patient

START_LIMIT = 60
ANSWER_MS = 10_000
"""The first answer of a cold Java takes its time."""
UTF8 = {"LC_ALL": "C.UTF-8"}
"""Java names files in the letters of its locale, and in no others."""
TOOLS = {
    "ConsoleConsumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "GetOffsetShell": "org.apache.kafka.tools.GetOffsetShell",
    "TopicCommand": "org.apache.kafka.tools.TopicCommand",
}


def new_cluster() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


class LocalKafka:
    def __init__(
        self,
        directory: Path,
        log: Path,
        *,
        partitions: int = 4,
        heap: str = "512m",
        settings: Mapping[str, str] | None = None,
        cluster: str | None = None,
        temporary: bool = False,
    ) -> None:
        """Brokers of one cluster share its name and, in their settings, their quorum."""
        self.directory, self.heap = directory.absolute(), heap
        self.cluster = cluster or new_cluster()
        self.port, self.controller_port = free_port(), free_port()
        self.settings = self._settings(partitions) | dict(settings or {})
        goes = [self.directory] if temporary else []
        self.process = ChildProcess("Kafka", log, environment=UTF8, remove=goes)

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        return self.process.alive

    def start(self, limit: float | None = None) -> None:
        """Ready when it answers a question about itself: an open port is not yet a broker."""
        self._write_settings()
        if not (self.directory / "data" / "meta.properties").exists():
            self._format()
        self.process.start([*_java(self.heap), "kafka.Kafka", self._file])
        self.process.wait_until(self._answers, limit or patient(START_LIMIT))

    def stop(self, limit: float = 10) -> None:
        self.process.stop(limit=limit)

    def kill(self) -> None:
        self.process.kill()

    def pause(self) -> None:
        self.process.pause()

    def resume(self) -> None:
        self.process.resume()

    def tool(self, name: str, *arguments: str, limit: float = 60) -> str:
        return tool(self.bootstrap, name, *arguments, limit=limit)

    def _answers(self) -> bool:
        try:  # kafka-python forgets to close the sockets of connections that were refused
            create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=self.bootstrap,
                request_timeout_ms=ANSWER_MS,
                bootstrap_timeout_ms=ANSWER_MS,
            )
        except (KafkaError, OSError):
            return False
        try:
            return bool(admin.describe_cluster()["brokers"])
        except KafkaError:
            return False
        finally:
            admin.close()

    def _settings(self, partitions: int) -> dict[str, str]:
        controller = f"127.0.0.1:{self.controller_port}"
        internal = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(self.directory / "data"),
            "num.partitions": str(partitions),
            **{f"{topic}.replication.factor": "1" for topic in internal},
            **{f"{topic}.num.partitions": "4" for topic in internal},
            **{f"{topic}.min.isr": "1" for topic in internal[1:]},
            # A killed broker may come back only when its lease is over; the default is 9 s.
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
            "group.initial.rebalance.delay.ms": "0",
            "auto.create.topics.enable": "false",
            "log.retention.ms": "-1",
            # Next to nothing is compacted here, for which 128 MB of the heap would be set aside.
            "log.cleaner.dedupe.buffer.size": str(4 * 2**20),
        }

    @property
    def _file(self) -> Path:
        return self.directory / "server.properties"

    def _write_settings(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        lines = (f"{name}={_escaped(value)}\n" for name, value in self.settings.items())
        self._file.write_text("".join(lines), "ascii")

    def _format(self) -> None:
        storage = [*_java(self.heap), "kafka.tools.StorageTool"]
        _run(
            [*storage, "format", f"--cluster-id={self.cluster}", "-c", self._file],
            patient(START_LIMIT),
        )


def _escaped(value: str) -> str:
    """As a file of Java's properties has it: Latin letters only, in which a backslash escapes."""
    units = value.replace("\\", "\\\\").encode("utf-16-be")
    numbers = (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))
    return "".join(chr(one) if one < 128 else f"\\u{one:04x}" for one in numbers)


def tool(bootstrap: str, name: str, *arguments: str, limit: float = 60) -> str:
    """What one of Kafka's own tools prints, with `--bootstrap-server` filled in."""
    command = [*_java("512m", "WARN"), TOOLS.get(name, name), "--bootstrap-server", bootstrap]
    return _run([*command, *arguments], limit)


def _java(heap: str, level: str = "INFO") -> list[str | Path]:
    # The serial collector and the quick compiler halve start time and memory.
    frugal = ["-Xms64m", f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    words = Path(__file__).with_name("log4j2.properties").as_uri()
    spoken = [f"-Dlog4j2.configurationFile={words}", f"-Dkafka.log.level={level}"]
    return [jars.java(), *frugal, *spoken, "-cp", f"{jars.kafka()}/*"]


def _run(command: list[str | Path], limit: float) -> str:
    done = subprocess.run(  # noqa: S603
        command,
        capture_output=True,
        text=True,
        timeout=limit,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **UTF8},
    )
    if done.returncode:
        raise NotReady(f"{command[-3:]} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout
