"""`python -m tests.performance.peers`: ours and each peer in turns, every result checked."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psycopg2
from sqlalchemy import make_url

from infra.confluent import ConfluentBroker
from tests.performance.__main__ import line
from tests.performance.pairs import Figure, figure
from tests.performance.peers import places
from tests.performance.peers.sales import Sales, Sums
from tests.performance.stage import FULL, QUICK, Stage

HERE, LIMIT = Path(__file__).parent, 900
OURS = [sys.executable, "-m", "tests.performance.peers.ours"]
MOST = 10_000
"""Events for a peer that commits each by itself."""


@dataclass
class Job:
    """The topic of sales, and what is asked of everybody."""

    stage: Stage
    events: int
    seconds: float
    sums: Sums
    topic: str = "peers.stock"

    def asked(self, **more: Any) -> dict[str, Any]:
        kafka = self.stage.kafka.bootstrap
        return {"kafka": kafka, "topic": self.topic, "events": self.events, **more}

    def sell(self, words: Sequence[str], url: str = "postgresql", **more: Any) -> float:
        """Events a second of one who fills the table; raises `Wrong` for other figures."""
        database = make_url(self.stage.database())
        plain = database.set(drivername="postgresql").render_as_string(hide_password=False)
        address = plain if url == "postgresql" else database.render_as_string(hide_password=False)
        asked = self.asked(database=address, **more)
        found = _ended(words, asked)
        rate = float(asked["events"] / found["seconds"])
        cpu = found["cpu"] / asked["events"] * 1e6
        print(
            f"  {rate:10,.0f} events/s  {cpu:6.1f} µs of its processor  {_name(words)}", flush=True
        )
        self._check(plain, asked["events"])
        return rate

    def _check(self, database: str, events: int) -> None:
        wanted = self.sums if events == self.events else Sales(events).sums()
        connection = psycopg2.connect(database)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT store, product, lines, quantity, cents FROM sales")
            got = {(row[0], row[1]): tuple(map(int, row[2:])) for row in cursor}
        connection.close()
        if wrong := {key for key in wanted.keys() | got if wanted.get(key) != got.get(key)}:
            raise Wrong(f"{len(wrong)} of {len(wanted)} sums differ from those of pandas")

    def append(self, words: Sequence[str], url: str) -> float:
        database = make_url(self.stage.database()).set(drivername=url)
        address = database.render_as_string(hide_password=False)
        asked = self.asked(database=address, seconds=self.seconds)
        return float(_ended(words, asked)["rate"])


class Wrong(Exception):
    """Its figures are not those of the events."""


def _name(words: Sequence[str]) -> str:
    return " ".join(Path(word).name.rpartition(".peers.")[2] for word in words[1:] if word != "-m")


def _ended(words: Sequence[str], asked: dict[str, Any]) -> Any:
    """What a process says in its last line; one that fails is named with its own last words."""
    kept = {name: value for name, value in os.environ.items() if "DISTRIBUTARY" not in name}
    done = subprocess.run(
        [*words, json.dumps(asked)],
        env=kept | {"ASKED": json.dumps(asked)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode or not done.stdout.strip():
        said = [text for text in done.stderr.splitlines() if "Error" in text] or ["no reason given"]
        raise places.Missing(f"ended with {done.returncode}: {said[-1][:300]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def quix(job: Job, **more: Any) -> tuple[float, float]:
    words = [places.python("quix"), str(HERE / "quix.py")]
    return ours(job, **more), job.sell(words)


def quix_confluent(job: Job) -> tuple[float, float]:
    """Both read by librdkafka."""
    return quix(job, client="confluent")


def faust(job: Job) -> tuple[float, float]:
    words = [places.python("faust"), str(HERE / "streaming.py")]
    return ours(job), job.sell(words)


def projection_runner(job: Job) -> tuple[float, float]:
    words = [sys.executable, "-m", "tests.performance.peers.runner"]
    return ours(job), job.sell(words, events=min(MOST, job.events))


def confluent(job: Job) -> tuple[float, float]:
    """Ours on confluent-kafka, against ours on kafka-python."""
    return ours(job, client="confluent"), ours(job)


def emmett(job: Job) -> tuple[float, float]:
    words = list(places.node("emmett"))
    return job.append([*OURS, "append"], "postgresql+psycopg2"), job.append(words, "postgresql")


def ours(job: Job, **more: Any) -> float:
    return job.sell([*OURS, "project"], "own", **more)


PEERS: dict[str, tuple[Callable[[Job], tuple[float, float]], str]] = {
    "peer_quix": (quix, "events/s"),
    "peer_quix_confluent": (quix_confluent, "events/s"),
    "peer_faust": (faust, "events/s"),
    "peer_projection_runner": (projection_runner, "events/s"),
    "peer_emmett": (emmett, "commands/s"),
    "confluent": (confluent, "events/s"),
}


def measured(job: Job, names: Sequence[str], rounds: int) -> Iterator[tuple[str, Figure]]:
    for name in names:
        peer, unit = PEERS[name]
        try:
            pairs = [peer(job) for _ in range(rounds)]
        except (places.Missing, Wrong, subprocess.TimeoutExpired) as error:
            print(f"{name}: {error}", flush=True)
            continue
        mine, theirs = (median(column) for column in zip(*pairs, strict=True))
        yield name, figure(mine, theirs, median(a / b for a, b in pairs), unit)


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.peers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only see that all of it runs")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PEERS))
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--output", type=Path, default=Path("build/bench-peers.json"))
    asked = parser.parse_args(words)
    events, rounds = (3_000, 1) if asked.quick else (asked.events, asked.rounds)
    stage, found = Stage(QUICK if asked.quick else FULL), dict[str, Figure]()
    with stage.ends:
        sales = Sales(events)
        job = Job(stage, events, stage.scale.seconds, sales.sums())
        sales.publish(ConfluentBroker(stage.kafka.bootstrap, "peers"), job.topic)
        for name, each in measured(job, asked.only, rounds):
            found[name] = each
            print(line(name, each), flush=True)
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
