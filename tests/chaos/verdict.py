"""What was asked against what is there, when everything has healed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage

from end_to_end import oracle, outsider
from end_to_end.oracle import Finding, Place, doubled, lost, wrong
from receivers import Received

from chaos import approvals, deadlines, files, numbers
from chaos.callers import Asked
from chaos.world import STAND_IN, World
from infra.broker import Partition
from infra.events import Recorded
from projections.engine import generations, progress
from services.bootstrap import PROCESSES
from services.notices import notifier
from services.processes import parking, positions


def healed(world: World) -> bool:
    """Whether all that was accepted is everywhere, and nothing will happen by itself any more."""
    before = _head(world)
    return not outstanding(world) and _head(world) == before


def outstanding(world: World) -> list[Finding]:
    """What anybody has still to do, now or later."""
    return [*lagging(world), *deadlines.outstanding(world), *approvals.unsent(world)]


def tells(world: World) -> bool:
    """Whether people are told of what happens from here on."""
    platform = world.company.platform
    with platform.database.read() as connection:
        return notifier.position(connection, platform.store.log) is not None


def _head(world: World) -> int:
    platform = world.company.platform
    with platform.database.read() as connection:
        return platform.store.head(connection).position


def lagging(world: World) -> Iterator[Finding]:
    company = world.company
    store = company.platform.store
    with company.platform.database.read() as connection:
        head = store.head(connection).position
        stood = {"Kafka": _position(progress.published(connection, store.log))}
        for view in company.platform.views:
            number = generations.generation(connection, view.name)
            stood[view.name] = progress.complete(connection, view, number, store.log)
        for process in PROCESSES:
            stood[process.name] = positions.of(connection, process.name, store.log)
        stood[notifier.NAME] = positions.of(connection, notifier.NAME, store.log)
        for parked in progress.parked_summary(connection):
            yield wrong(f"{parked.view} parked {parked.stream}: {parked.error}")
        names = [process.name for process in PROCESSES]
        for held in parking.summary(connection, names, store.log):
            yield wrong(f"{held.process} parked {held.stream}: {held.error}")
    for name, position in stood.items():
        if position != head:
            yield wrong(f"{name} stands at {position} of {head}")


def _position(marks: Mapping[Partition, progress.Watermark]) -> int:
    return marks[progress.LOG].position if progress.LOG in marks else 0


def told(book: Sequence[Asked], log: Sequence[Recorded]) -> Iterator[Finding]:
    """What a key was told last the log has, and nothing before it was accepted otherwise."""
    stored = oracle.by_command(log)
    for asked in book:
        if asked.strange is not None:
            yield wrong(f"{asked.key} was answered {asked.strange}")
        if not asked.answers:
            yield lost(f"{asked.key} has no answer though all is well again")
        elif asked.is_contradicted:
            yield doubled(f"{asked.key} was answered in {len(asked.answers)} ways: {asked.answers}")
        elif not asked.is_accepted:
            yield from _refused(asked, stored.get(asked.key, []))
    accepted = {asked.key: asked.answers[-1].places for asked in book if asked.is_accepted}
    yield from oracle.answered(stored, dict(_own(stored, accepted)))
    known = {asked.key for asked in book}
    for event in log:
        asked = event.command_id in known or event.actor.startswith("process:")
        if not asked and event.type not in files.OWN:
            yield wrong(f"nobody asked for position {event.position}")


def _own(
    stored: Mapping[str, Sequence[Place]], accepted: Mapping[str, Sequence[Place]]
) -> Iterator[tuple[str, Sequence[Place]]]:
    """Without those that were answered with what another had recorded before them."""
    every = {place for places in stored.values() for place in places}
    for key, places in accepted.items():
        if key in stored or not every.issuperset(places):
            yield key, places


def _refused(asked: Asked, places: Sequence[Place]) -> Iterator[Finding]:
    """A refusal may have events: the record of the no, and the answer has the last one's place."""
    if places and places[-1][0] != asked.answers[-1].position:
        yield doubled(f"{asked.key} was refused, {asked.answers}, and the log has {places}")


class Verdict:
    def __init__(
        self,
        world: World,
        book: Sequence[Asked],
        received: Sequence[Received] = (),
        mails: Sequence[EmailMessage] = (),
    ) -> None:
        company = world.company
        now = company.platform.database.clock.now()
        self.findings = outstanding(world)
        log = company.log()
        self.events = len(log)
        topics = f"{company.settings.topic_prefix}.*"
        seen = outsider.read(world.kafka, topics, self.events)
        self.sent_twice = oracle.sent_twice(seen)
        self.findings += told(book, log)
        content = company.platform.log.event
        for kind in (deadlines.LAPSES, deadlines.OVERDUE):
            self.findings += deadlines.happened(kind, log, content, now)
        self.findings += approvals.gone_on(log, content)
        self.findings += approvals.stood_in(log, content)
        self.findings += approvals.told(world, log, received)
        self.findings += approvals.mailed(log, mails)
        self.findings += numbers.drawn(log, content)
        self.findings += files.left(world, log)
        self.types = Counter(event.type for event in log)
        self.stood_in = sum(
            event.type == "ApprovalSigned" and event.actor == STAND_IN for event in log
        )
        self.notices = len({one.id for one in received})
        self.mails = len(mails)
        self.findings += oracle.unbroken(log)
        self.findings += oracle.published(log, seen)
        self.findings += oracle.counted(company, log)

    def count(self, breach: str) -> int:
        return sum(finding.breach == breach for finding in self.findings)
