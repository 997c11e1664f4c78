"""`python -m tests.chaos MINUTES` storms so long and judges; SEED=n repeats the same faults."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from pace import limit
from receivers import Receiver, mail_server, receiving

from chaos import approvals, deadlines, disk, files
from chaos.bucket import bucket
from chaos.callers import Asked, Caller, Trade, ask_all, keep, settle
from chaos.proxy import STEPS
from chaos.storm import Storm
from chaos.verdict import Verdict, healed, tells
from chaos.world import MAKER, READY_LIMIT, SIGNER, STAND_IN, World
from services.local.cluster import interrupt, on_signals

CALLERS = 4
TELL_EVERY = 30.0
HEAL_LIMIT = 120.0
NAMES = {
    "kill": "kills",
    "stop": "stops",
    "restart": "restarts",
    "full disk": "full disks",
    "cut": "cuts",
}


HAPPENED = {
    "ApprovalCompleted": "orders signed",
    "OrderReservationLapsed": "times goods were let go that had been held long enough",
    "NumberDrawn": "numbers drawn",
    "TaskOverdue": "tasks overdue",
    "FileUploaded": "files uploaded",
    "FileAttached": "files attached",
    "FileDiscarded": "files removed that hung on nothing",
}


class Chaos:
    def __init__(self, seed: int, seconds: float, logs: Path) -> None:
        self.seed, self.seconds, self.logs = seed, seconds, logs
        self.began = time.monotonic()

    def run(self) -> int:
        self.say(f"seed {self.seed}, {self.seconds:.0f} s of storm, logs in {self.logs}")
        megabytes = 192 + int(self.seconds)
        if not disk.own_mounts():
            self.say("mounting is not permitted here: no disk will be full")
            megabytes = 0
        with (
            receiving() as receiver,
            mail_server() as (box, port),
            bucket() if self.seed % 2 else nullcontext() as there,
            World(self.logs, megabytes, port, there) as world,
        ):
            self.say("files are kept " + ("in a folder" if there is None else "by a server of S3"))
            self.say("everything runs")
            book = self._begin(world, receiver)
            book += self._storm(world)
            self._heal(world, book)
            keep(book, self.logs / "book.jsonl")
            return self._judge(world, book, Verdict(world, book, receiver.got, box.mails))

    def _begin(self, world: World, receiver: Receiver) -> list[Asked]:
        """What is entered before the storm, once people are told of what happens."""
        world.wait_for(lambda: tells(world), READY_LIMIT)
        opening = approvals.opening(world, receiver)
        return ask_all(opening, MAKER, world.address, limit(READY_LIMIT))

    def _callers(self, world: World, done: Event) -> list[Caller]:
        draw, submitted = Random(self.seed), list[str]()
        found = []
        for n in range(CALLERS):
            own = Random(draw.random())
            trade = Trade(own, f"c{n}", submitted)
            found.append(Caller(f"c{n}", MAKER, trade, own, world.address, done))
        for who, account, absent in (("signer", SIGNER, None), ("stand-in", STAND_IN, SIGNER)):
            own = Random(draw.random())
            signing = approvals.Signing(own, submitted, absent)
            found.append(Caller(who, account, signing, own, world.address, done))
        own = Random(draw.random())
        filing = files.Filing(own, world, done)
        return [*found, Caller("filer", MAKER, filing, own, world.address, done)]

    def _storm(self, world: World) -> list[Asked]:
        done = Event()
        callers = self._callers(world, done)
        self.storm = Storm(world, self.seed, self.seconds)
        try:
            for caller in callers:
                caller.start()
            self.storm.begin()
            self._watch(callers)
        finally:
            done.set()
            self.storm.end()
        for caller in callers:
            caller.join(limit(READY_LIMIT))
        return [asked for caller in callers for asked in caller.book]

    def _watch(self, callers: list[Caller]) -> None:
        told = time.monotonic()
        while self.storm.rages and not self.storm.dealt.troubles:
            time.sleep(0.1)
            if time.monotonic() > told + TELL_EVERY:
                told = time.monotonic()
                asked = sum(len(caller.book) for caller in callers)
                self.say(f"{asked} commands, {self.storm.dealt.counts.total()} faults")

    def _heal(self, world: World, book: list[Asked]) -> None:
        self.say("the storm is over")
        world.wait_for(world.answers, READY_LIMIT)
        settle(book, world.address, Random(self.seed), limit(READY_LIMIT))
        self.say("all is answered")
        if not world.wait_for(lambda: files.clean(world), HEAL_LIMIT):
            self.say("the index of what hangs on what is behind: files stay")
        for name in deadlines.release(world):
            self.say(f"the deadlines of {name} were held, and are released")
        well = world.wait_for(lambda: healed(world), HEAL_LIMIT)
        self.say("all is healed" if well else f"not healed after {limit(HEAL_LIMIT):.0f} s")

    def _judge(self, world: World, book: list[Asked], verdict: Verdict) -> int:
        dealt, cuts = self.storm.dealt, world.proxy.cuts()
        refused = sum(not asked.is_accepted for asked in book)
        self.say(f"{verdict.events} events, {refused} commands refused")
        self.say(f"{verdict.sent_twice} records sent twice")
        for kind, what in HAPPENED.items():
            self.say(f"{verdict.types[kind]} {what}")
        self.say(f"{verdict.stood_in} signatures for one who was away")
        self.say(f"{verdict.notices} notices sent, {verdict.mails} mails")
        self.say(f"cut at {len(cuts)} of {len(STEPS)} steps: {_listed(cuts)}")
        if world.ended:
            self.say(f"ended of themselves and were started: {_listed(Counter(world.ended))}")
        if internal := sum(asked.internal for asked in book):
            self.say(f"{internal} answers were 500")
        for name in dealt.unfelt:
            self.say(f"{name} did not notice its full disk")
        whole = "".join(f"{one.breach}: {one.what}\n" for one in verdict.findings)
        (self.logs / "findings.log").write_text(whole)
        for finding in verdict.findings[:20]:
            self.say(f"{finding.breach}: {finding.what[:1000]}")
        for trouble in dealt.troubles:
            self.say(f"trouble: {trouble}")
        kinds = ", ".join(f"{dealt.counts[kind]} {name}" for kind, name in NAMES.items())
        breaches = ", ".join(
            f"{verdict.count(breach)} {breach}" for breach in ("lost", "doubled", "reordered")
        )
        others = f", {more} wrong" if (more := verdict.count("wrong")) else ""
        self.say(
            f"{len(book)} commands, {dealt.counts.total()} faults ({kinds}), {breaches}{others}"
        )
        if verdict.findings or dealt.troubles:
            self.say(f"again: SEED={self.seed} make chaos; logs in {self.logs}")
            return 1
        return 0

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)


def _listed(names: Mapping[Any, int]) -> str:
    return ", ".join(f"{times} {name}" for name, times in names.items())


def _minutes(word: str) -> float:
    if not word.replace(".", "", 1).isdigit() or not float(word):
        raise SystemExit(f"MINUTES={word} is no number of minutes: give one, such as MINUTES=3")
    return float(word)


def main() -> int:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    minutes = _minutes(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    logs = Path("build/logs").absolute() / f"chaos-{seed}-{os.getpid()}"
    logs.mkdir(parents=True)
    on_signals(interrupt)
    try:
        return Chaos(seed, minutes * 60, logs).run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
