"""A company whose ratings a second person confirms, asked by many at once through two processes.

What must hold is read from the log alone: a request is decided once, by another person than its
maker, and takes effect once where it was confirmed, and never where it was not.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import Any

from sqlalchemy.exc import OperationalError

from commands import Command
from infra.events import Recorded
from infra.requests import Answer
from infra.settings import Settings
from services import bootstrap
from services.bootstrap import Platform

PERSON = {"ann": "ann", "ann-2": "ann", "ben": "ben", "ben-2": "ben"}
"""Whose each account is."""
SHOPS = ("D1", "D2")
DECISIONS = ("confirm-request",) * 3 + ("decline-request", "withdraw-request")
THREADS = 4
NUMBERS = count(1)


def founded(url: str) -> None:
    """Two persons with two accounts each, two shops, and the setting."""
    platform = bootstrap.platform(Settings(database_url=url))
    platform.prepare()

    def done(slug: str, **body: Any) -> None:
        command = Command.known[slug].model_validate(body)
        outcome = platform.executor.execute(bootstrap.request(command, "founder"))
        assert outcome.refusal is None, outcome

    for name in sorted(set(PERSON.values())):
        done("hire-rep", id=name, name=name, department="east", region="east")
    done("open-account", id="founder")
    for account, person in PERSON.items():
        done("open-account", id=account, person=person)
        done("grant-role", id=account, role="sales-manager", everything=True)
    for shop in SHOPS:
        done("register-customer", id=shop, name=shop, customer_kind="dealer", owner="ann")
    listed = {"commands": ["rate-customer"]}
    done("change-settings", id="approvals.second_person", values=listed, reason="policy")
    platform.close()


class RequestsWorld:
    """`rounds` of each of several threads; some commits are lost before they are written."""

    def __init__(self, url: str, seed: int) -> None:
        self.platforms = [bootstrap.platform(Settings(database_url=url)) for _ in range(2)]
        self.seed = seed
        self.requests: list[str] = []
        for number, platform in enumerate(self.platforms):
            _faulty(platform, Random(seed * 10 + number))

    def run(self, rounds: int) -> list[str]:
        """What was broken."""
        threads = [
            threading.Thread(target=self._live, args=(Random(f"{self.seed}-{number}"), rounds))
            for number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = list(_violations(self._events()))
        for platform in self.platforms:
            platform.close()
        return found

    def _live(self, dice: Random, rounds: int) -> None:
        for _ in range(rounds):
            if not self.requests or dice.random() < 0.3:
                rated = {"id": dice.choice(SHOPS), "importance": dice.choice("ABC")}
                answer = self._ask(dice, "rate-customer", **rated)
                stream = getattr(answer, "stream", "")
                if stream.startswith("request-"):
                    self.requests.append(stream.removeprefix("request-"))
            else:
                one = dice.choice(self.requests[-3:] if dice.random() < 0.7 else self.requests)
                slug = dice.choice(
                    ("confirm-request",) * 3 + ("decline-request", "withdraw-request")
                )
                more = {"reason": "no"} if slug == "decline-request" else {}
                self._ask(dice, slug, id=one, **more)

    def _ask(self, dice: Random, slug: str, **body: Any) -> Answer:
        command = Command.known[slug].model_validate(body)
        asked = bootstrap.request(
            command, dice.choice(sorted(PERSON)), f"key-{next(NUMBERS)}", checked=True
        )
        answer: Answer = dice.choice(self.platforms).executor.commit([asked])[0]
        if dice.random() < 0.3:  # the answer was lost: the same again, of whichever process
            answer = dice.choice(self.platforms).executor.commit([asked])[0]
        return answer

    def _events(self) -> list[Recorded]:
        platform = self.platforms[0]
        with platform.database.read() as connection:
            return list(platform.store.read(connection, 0, 1_000_000))


def _faulty(platform: Platform, dice: Random) -> None:
    """Let one commit in ten be lost before it is written, as with a lost connection."""
    store = platform.log.recorder
    for name in ("commit", "commit_upon"):
        setattr(store, name, _losing(getattr(store, name), dice))


def _losing(commit: Callable[..., Any], dice: Random) -> Callable[..., Any]:
    def lossy(*args: Any) -> Any:
        if dice.random() < 0.1:
            raise OperationalError("commit", {}, Exception("connection closed"))
        return commit(*args)

    return lossy


def _violations(events: list[Recorded]) -> Iterator[str]:
    streams, effects = defaultdict[str, list[Recorded]](list), defaultdict[str, int](int)
    for event in events:
        if event.kind == "request":
            streams[event.stream].append(event)
        elif event.type == "CustomerRated":
            effects[event.causation_id or f"nothing: {event.position}"] += 1
    confirmed = dict[str, tuple[str, str]]()
    for stream, (asked, *decided) in streams.items():
        if len(decided) > 1:
            yield f"{stream} was decided {len(decided)} times"
        for event in decided:
            own = PERSON[event.actor] == PERSON[asked.actor]
            if own != (event.type == "RequestWithdrawn"):
                yield f"{stream} of {asked.actor}: {event.type} by {event.actor}"
            if event.type == "RequestConfirmed":
                confirmed[f"{stream}:{event.actor}"] = stream, asked.actor
    for cause, times in effects.items():
        if cause not in confirmed or times > 1:
            yield f"{times} effects of {cause}"
    for cause in confirmed.keys() - effects.keys():
        yield f"{cause} had no effect"
    for event in events:
        cause = event.causation_id or ""
        if event.type == "CustomerRated" and event.actor != confirmed.get(cause, ("", ""))[1]:
            yield f"{cause} took effect in the name of {event.actor}"
