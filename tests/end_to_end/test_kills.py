"""Whoever is killed, whenever: what was answered is kept, and every figure is exact."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from effort import effort
from end_to_end import oracle, outsider
from end_to_end.nursery import Nursery
from end_to_end.oracle import Place
from waiting import until
from workers.company import Company

from services.local.kafka import LocalKafka

KILLS = effort(5, 15)
BROKER_KILLS = effort(1, 2)
CLERK_KILLS = effort(3, 6)
PAUSE = "0.05"
ANSWERS = 500


@pytest.mark.timeout(280)
def test_nothing_is_lost_or_doubled_whoever_is_killed(
    company: Company, nursery: Nursery, mortal_kafka: LocalKafka
) -> None:
    seed = int(os.environ.get("DISTRIBUTARY_TEST_SEED", "20260301"))
    print(f"seed {seed}")
    storm(nursery, mortal_kafka, random.Random(seed))
    until(company.is_complete, 60, 0.1)
    log = company.log()
    answered = dict(answers(nursery.directory))
    seen = outsider.read(mortal_kafka, f"{company.settings.topic_prefix}.*", len(log))
    assert list(oracle.answered(oracle.by_command(log), answered)) == []
    assert list(oracle.unbroken(log)) == []
    assert list(oracle.published(log, seen)) == []
    assert list(oracle.counted(company, log)) == []
    assert len(answered) > ANSWERS
    print(f"{len(log)} events, {oracle.sent_twice(seen)} records sent twice")


@dataclass
class Worker:
    job: str
    pid: int


def storm(nursery: Nursery, kafka: LocalKafka, draw: random.Random) -> None:
    """Clerks work all the while; publisher, projectors and broker are killed at random moments."""
    blows = ["publish", "project"] * KILLS + ["clerk"] * CLERK_KILLS + ["broker"] * BROKER_KILLS
    draw.shuffle(blows)
    living = [Worker(job, nursery.start(job)) for job in ("publish", "project", "project")]
    living += [Worker("clerk", nursery.start("clerk", f"c{n}", PAUSE)) for n in range(3)]
    in_work = 0
    for number, blow in enumerate(blows):
        if blow == "broker":
            kafka.kill()
            time.sleep(draw.random())
            kafka.start()
            continue
        victim = draw.choice([one for one in living if one.job == blow])
        if draw.random() < 0.75:  # the others die while they start
            nursery.wait_for(victim.pid, 3)
        time.sleep(draw.uniform(0, 0.25))
        in_work += nursery.works(victim.pid)
        os.kill(victim.pid, signal.SIGKILL)
        victim.pid = nursery.start(blow, *([f"k{number}", PAUSE] if blow == "clerk" else []))
    until(lambda: len(dict(answers(nursery.directory))) > ANSWERS, pause=0.5)
    for one in living:
        if one.job == "clerk":
            os.kill(one.pid, signal.SIGKILL)
    print(f"{len(blows)} kills, {in_work} of them in the midst of work")


def answers(books: Path) -> Iterator[tuple[str, set[Place]]]:
    """A clerk that was killed may have left half a line."""
    known: dict[str, set[Place]] = {}
    for book in books.glob("*.book"):
        for line in book.read_text().split("\n")[:-1]:
            key, places = json.loads(line)
            answer = {(p[0], p[1], p[2], p[3]) for p in places}
            assert known.setdefault(key, answer) == answer, f"{key} was answered in two ways"
    yield from known.items()
