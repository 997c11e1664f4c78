"""Read models are fed from Kafka, or straight from the log where no Kafka is named."""

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import chain

from services.bootstrap import Platform
from services.commandline import groups
from services.commandline.groups import ALL, Group
from services.commandline.lanes import Lanes
from services.commandline.loops import Made, Step, WorkerLoop
from services.jobs.rebuilds import rebuild
from services.jobs.runner import JobRunner
from services.workers.apply import Applier
from services.workers.follow import Follower
from services.workers.project import Projector

LAST = 1.0
"""Seconds for what makes a view anew to leave it to another."""


def projecting(platform: Platform, loop: WorkerLoop | None = None, group: Group = ALL) -> Made:
    """One member of a group, whatever it is fed from."""
    return _beside(platform, group, loop, straight=platform.settings.kafka is None)


def following(platform: Platform, loop: WorkerLoop | None = None) -> Made:
    """All views straight from the log, whether or not there is a Kafka."""
    return _beside(platform, ALL, loop, straight=True)


def _beside(platform: Platform, group: Group, loop: WorkerLoop | None, *, straight: bool) -> Made:
    """A view that would hold up the others of the group is fed in a lane of its own."""

    def lane(applier: Applier, name: str) -> AbstractContextManager[Step]:
        alone = groups.of(name)
        return _straight(applier) if straight else _from_kafka(platform, applier, alone)

    @contextmanager
    def made() -> Generator[Step]:
        lanes = Lanes(group.called("project"), platform, lane)
        views = group.views(platform)
        applier = Applier(
            platform.store, views, platform.codec, tracing=platform.tracing, aside=lanes
        )
        if loop is not None:
            loop.waits = lanes.waits
        source = _straight(applier) if straight else _from_kafka(platform, applier, group, loop)
        runner = JobRunner(platform, {"rebuild": rebuild})
        runner.start()
        try:
            with source as step:
                yield step
        finally:
            runner.stop(LAST)
            lanes.close()

    return made


@contextmanager
def _from_kafka(
    platform: Platform, applier: Applier, group: Group, loop: WorkerLoop | None = None
) -> Generator[Step]:
    broker, settings = platform.broker("projector"), platform.settings
    heard = sorted({kind for view in applier.every for kind in view.kinds})
    names = platform.topic_names(heard)
    broker.topics(names, settings.partitions, settings.replication)
    subscriber = broker.subscriber(group.consumers(platform), names)
    projector = Projector(applier, subscriber)
    if loop is not None:
        before = loop.waits
        loop.waits = lambda: chain(before(), projector.waits())
    try:
        yield projector.step
    finally:
        subscriber.close()


@contextmanager
def _straight(applier: Applier) -> Iterator[Step]:
    follower = Follower(applier)
    follower.start()
    yield follower.step
