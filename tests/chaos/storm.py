"""A storm has a lane for PostgreSQL, Kafka, the parts and the cuts, and one for S3 where it is."""

import time
from collections.abc import Sequence
from random import Random
from threading import Event, Thread

from chaos.faults import BACK_LIMIT, Dealt, Fault, Faults
from chaos.world import World

CALMER = 3.0
"""Seconds between two faults when each was dealt once: the platform shall get to work as well."""
GRACE = 10.0
"""So long after the storm a fault that nobody was there for is tried again."""
PACES = {"cuts": 0.25}
"""Beside the others' pace: who was cut off is soon back."""


class Lane(Thread):
    """Deals each fault of its deck once, in an order the seed chose, then any until time is up."""

    def __init__(
        self, name: str, deck: Sequence[Fault], draw: Random, pace: float, until: float
    ) -> None:
        super().__init__(daemon=True, name=name)
        self.deck = draw.sample(list(deck), len(deck))
        self.draw, self.pace, self.until = draw, pace, until

    def deal(self, dealt: Dealt, done: Event) -> None:
        self.dealt, self.done = dealt, done
        self.start()

    def run(self) -> None:
        try:
            self._run()
        except Exception as error:  # noqa: BLE001 - a lane that ends early is a failed run
            self.dealt.troubles.append(f"{self.name}: {error!r}")

    def _run(self) -> None:
        left = list(self.deck)
        while left or time.monotonic() < self.until:
            pause = self.pace if left else max(self.pace, CALMER)
            if self.done.wait(self.draw.uniform(0, 2 * pause)):
                return
            fault = left.pop(0) if left else self.draw.choice(self.deck)
            name = fault()
            if name is not None:
                self.dealt(name)
            elif time.monotonic() < self.until + GRACE:
                left.append(fault)


class Storm:
    def __init__(self, world: World, seed: int, seconds: float) -> None:
        draw, self.done = Random(seed), Event()
        faults = Faults(world, draw, self.done)
        self.dealt = faults.dealt
        until, pace = time.monotonic() + seconds, min(4.0, seconds / 60)
        self.lanes = [
            Lane(name, deck, Random(draw.random()), pace * PACES.get(name, 1), until)
            for name, deck in faults.decks().items()
        ]

    def begin(self) -> None:
        for lane in self.lanes:
            lane.deal(self.dealt, self.done)

    @property
    def rages(self) -> bool:
        return any(lane.is_alive() for lane in self.lanes)

    def end(self) -> None:
        """Whoever is in the middle of a fault ends it, so that nobody stays stopped or full."""
        self.done.set()
        for lane in self.lanes:
            lane.join(BACK_LIMIT)
