"""The servers of a run are real, keep their data through a kill, and die with who started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from threading import Timer

import psycopg2
import pytest
from kafka import KafkaConsumer, KafkaProducer
from pace import limit
from servers import LOGS, log_file
from waiting import until

from services.local import process, watchdog
from services.local.kafka import LocalKafka
from services.local.postgres import LocalPostgres
from services.local.process import ChildProcess, NotReady, free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[LocalPostgres]:
    server = LocalPostgres(tmp_path / "postgres", log_file("own-postgres"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[LocalKafka]:
    broker = LocalKafka(tmp_path / "kafka", log_file("own-kafka"))
    broker.start()
    yield broker
    broker.stop()


def test_what_postgres_committed_is_there_after_a_kill(own_postgres: LocalPostgres) -> None:
    execute(own_postgres, "CREATE TABLE kept AS SELECT 7 AS seven")
    own_postgres.kill()
    assert not own_postgres.alive
    own_postgres.start()
    assert execute(own_postgres, "SELECT seven FROM kept") == [(7,)]


def test_a_paused_postgres_answers_nobody_until_it_is_resumed(own_postgres: LocalPostgres) -> None:
    """Not even those who are connected already."""
    with closing(connect(own_postgres.port, password(own_postgres))) as connection:
        own_postgres.pause()
        began = time.monotonic()
        Timer(1, own_postgres.resume).start()
        connection.cursor().execute("SELECT 1")
        assert time.monotonic() - began > 0.9


def test_a_stranger_on_this_machine_does_not_come_in(own_postgres: LocalPostgres) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(own_postgres.port, "guess")


def test_a_database_may_start_as_a_copy_of_another(own_postgres: LocalPostgres) -> None:
    own_postgres.create_database("pattern")
    execute(own_postgres, "CREATE TABLE drawn AS SELECT 1", database="pattern")
    own_postgres.create_database("copy", template="pattern")
    assert execute(own_postgres, "SELECT count(*) FROM drawn", database="copy") == [(1,)]
    own_postgres.drop_database("copy")
    with pytest.raises(psycopg2.OperationalError, match="does not exist"):
        execute(own_postgres, "SELECT 1", database="copy")


def test_what_kafka_acknowledged_is_there_after_a_kill(own_kafka: LocalKafka) -> None:
    own_kafka.tool("TopicCommand", "--create", "--topic", "kept")
    send(own_kafka.bootstrap, "kept", [b"one", b"two"])
    own_kafka.kill()
    assert not own_kafka.alive
    own_kafka.start()
    assert sorted(read(own_kafka.bootstrap, "kept", 2)) == [b"one", b"two"]
    assert "kept:" in own_kafka.tool("GetOffsetShell", "--topic", "kept")


def test_the_servers_of_a_run_are_gone_when_the_run_is_killed(tmp_path: Path) -> None:
    runner = start_run(tmp_path)
    servers = [int(pid) for pid in words(runner)]
    runs = [member for pid in servers for member in watchdog.family(pid)]
    os.kill(servers[0], signal.SIGSTOP)  # not even a paused one stays
    os.kill(runner.pid, signal.SIGKILL)
    runner.communicate(timeout=limit(10))
    until(lambda: not any(lives(pid) for pid in runs))
    until(lambda: not (tmp_path / "data").exists())


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    hopeless = ChildProcess("Hopeless", tmp_path / "log")
    hopeless.start([sys.executable, "-c", "raise SystemExit('the disk is full')"])
    with pytest.raises(NotReady, match=r"Hopeless ended with code 1(.|\n)*the disk is full"):
        hopeless.wait_until(lambda: False, limit(10))


def test_a_server_that_never_answers_is_ended(tmp_path: Path) -> None:
    mute = ChildProcess("Mute", tmp_path / "log")
    mute.start([sys.executable, "-c", "import time; time.sleep(600)"])
    with pytest.raises(NotReady, match="Mute was not ready after 0 s"):
        mute.wait_until(lambda: False, 0.2)
    assert not mute.alive


def test_a_server_that_will_not_stop_is_made_to(tmp_path: Path) -> None:
    stubborn = ChildProcess("Stubborn", tmp_path / "log")
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    stubborn.start([sys.executable, "-c", f"{deaf}; time.sleep(600)"])
    stubborn.wait_until(lambda: "1" in (tmp_path / "log").read_text(), limit(10))
    stubborn.stop(limit=0.2)
    assert stubborn.code == -signal.SIGKILL


def test_a_port_in_use_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, other = free_port(), free_port()
    monkeypatch.setattr(process, "candidates", lambda: [taken, other])
    with socket(AF_INET, SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", taken))
        listener.listen()
        assert free_port() == other


def test_a_test_run_starts_no_server_before_one_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "test_pure.py").write_text("def test_pure():\n    pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT) as run:
        assert run.wait(limit(60)) == 0
    assert not [*LOGS.glob(f"*-{run.pid}.log")]


def start_run(directory: Path) -> subprocess.Popen[str]:
    program = f"""
from pathlib import Path
from services.local.postgres import LocalPostgres
from services.local.process import ChildProcess
import sys, time
data = Path({str(directory)!r}) / "data"
postgres = LocalPostgres(data, Path({str(directory)!r}) / "log", fsync=False, temporary=True)
postgres.start()
sleeper = ChildProcess("sleeper", Path({str(directory)!r}) / "log")
sleeper.start([sys.executable, "-c", "import time; time.sleep(600)"])
print(postgres.process.pid, sleeper.pid, flush=True)
time.sleep(600)
"""
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def words(runner: subprocess.Popen[str]) -> list[str]:
    assert runner.stdout
    return runner.stdout.readline().split()


def lives(pid: int) -> bool:
    """A zombie is dead; only its parent has not looked yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def connect(
    port: int, password: str, database: str = "postgres"
) -> "psycopg2.extensions.connection":
    return psycopg2.connect(
        host="127.0.0.1",
        port=port,
        user="distributary",
        password=password,
        dbname=database,
        connect_timeout=int(limit(5)),
    )


def password(server: LocalPostgres) -> str:
    return (server.directory / "password").read_text()


def execute(server: LocalPostgres, query: str, database: str = "postgres") -> list[tuple[object]]:
    with closing(connect(server.port, password(server), database)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchall() if query.startswith("SELECT") else []


def send(bootstrap: str, topic: str, values: list[bytes]) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for value in values:
        producer.send(topic, value).get(timeout=limit(20))
    producer.close(timeout=5)


def read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=limit(20_000),
    )
    try:
        return [next(consumer).value for _ in range(count)]
    finally:
        consumer.close()
