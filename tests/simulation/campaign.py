"""Worlds, one seed after another, each on fresh ground and with what its seed chooses."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.notices import notifier, sender
from services.workers import drive, react
from simulation import features
from simulation.faults import Died
from simulation.ground import Ground, ground
from simulation.verdict import judge
from simulation.world import World


@dataclass(frozen=True)
class Judged:
    seed: int
    features: frozenset[str]
    dealt: Counter[str]
    violations: list[str]


def judged(seed: int, ground: Ground) -> Judged:
    own = features.chosen(seed)
    with features.sizes(own):
        world = World(seed, ground)
        try:
            judge(world.run())
        except (Exception, Died) as error:  # noqa: BLE001 - whatever it is, the world broke
            world.violations.append(f"(x) broke: {error!r}")
        finally:
            world.stop()
    return Judged(seed, own, world.chance.dealt, world.violations)


def campaign(seeds: Iterable[int]) -> Iterator[Judged]:
    with _quiet(), ground() as place:
        for seed in seeds:
            yield judged(seed, place)


def portion(seeds: Iterable[int]) -> list[Judged]:
    return list(campaign(seeds))


@contextmanager
def _quiet() -> Iterator[None]:
    """What the faults lead to is no news."""
    loggers = [logging.getLogger(module.__name__) for module in (drive, react, notifier, sender)]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
