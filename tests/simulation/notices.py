"""People who are told of approvals: a notifier and a sender that die, and what must be known."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from infra.egress import HttpAnswer
from services.notices import deliveries
from services.notices.destinations import Destination, destinations
from services.notices.notifier import NAME, Notifier
from services.notices.sender import Sender
from services.processes import positions
from simulation.approvals import HOUR, MAKER, SENT_TO, SIGNERS
from simulation.decode import Decoded
from simulation.slots import Slot

if TYPE_CHECKING:
    from simulation.world import World

DAY = 86_400
TOLD = "SELECT account, position, source, count(*) FROM notices GROUP BY 1, 2, 3"
DELIVERED = "SELECT account, position, state FROM notice_deliveries"
WAITING = "SELECT 1 FROM notice_deliveries WHERE state = 'waiting'"
REFUSED = "SELECT position, process || ':' || number FROM process_refusals"
CANDIDATES = {
    "ApprovalStepOpened": "candidates",
    "ApprovalReminded": "candidates",
    "ApprovalEscalated": "escalated_to",
}
"""By what is told of, the field that names who is told."""


class Noticeboard:
    """The worker that tells people, the one that sends, and what their webhooks got."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.notifier = Slot(lambda: Notifier(world.platform()))
        self.sender = Slot(self._sender)
        self.received: list[tuple[str, str, frozenset[int]]] = []
        """The webhook, the message's id and the positions of what it told."""
        self.begun = 0
        """Where in the log people began to be told."""

    def _sender(self) -> Sender:
        made = Sender(self.world.platform())
        made.egress = self  # type: ignore[assignment]
        return made

    def begin(self) -> None:
        database = self.world.database
        with database.write() as connection:
            for name in SENT_TO:
                where = "webhook", f"https://{name}.example", "whsec_c2VjcmV0"
                row = Destination(f"to-{name}", name, *where, created_at=0)  # type: ignore[arg-type]
                connection.execute(destinations.insert().values(**row._asdict()))
        self.tell()
        with database.read() as connection:
            self.begun = positions.of(connection, NAME, "main")

    def acts(self) -> list[tuple[Callable[[], None], float]]:
        return [(self.tell, 2), (self.send, 1), (self.wait, 0.2)]

    def wait(self) -> None:
        """Let an hour pass, in which nobody signs."""
        self.world.clock.sleep(HOUR)

    def tell(self) -> None:
        self.world.let(self.notifier, self._tell)

    def _tell(self, notifier: Notifier) -> None:
        """One that has met a fault waits for real seconds: another takes over in its place."""
        notifier.step(12)
        if notifier.trouble is not None:
            self.world.expect(notifier.trouble)
            self.notifier.end()

    def send(self) -> None:
        self.world.let(self.sender, self._send)

    def _send(self, sender: Sender) -> None:
        database = self.world.database
        with database.read() as connection:
            busy = deliveries.busy(connection, database.clock.now())
        for destination in sorted(busy):
            sender.send(destination)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """What the webhooks answer."""
        chance = self.world.chance
        chance.die("before a message was sent", 0.03)
        if chance.of("message not taken", 0.05):
            return HttpAnswer(503, b"")
        data = msgspec.json.decode(body)["data"]
        told = frozenset(one["position"] for one in data.get("notices", [data]))
        self.received.append((url, headers["webhook-id"], told))
        chance.die("after a message was sent", 0.03)
        return HttpAnswer(204, b"")

    def stop(self) -> None:
        self.notifier.end()
        self.sender.end()

    def settle(self) -> None:
        """Tell all, and let a day pass until everything is sent."""
        while self.notifier.get().step():
            pass
        for _ in range(20):
            self.world.clock.sleep(DAY)
            self.send()
            if not self.world.ground.look(WAITING):
                return


def noticed(world: "World", events: Decoded) -> Iterator[str]:
    """(n) Each is told once of what he may sign, who asked for it that all have signed, and whoever
    operates what processes were refused. All of it is sent, under one id.
    """
    if world.noticeboard is None:
        return
    rows = world.ground.look(TOLD)
    told = {tuple(row[:3]) for row in rows}
    wanted = set(_wanted(world, events))
    if lost := wanted - told:
        yield f"(n) nobody told {sorted(lost)[:5]}"
    if strange := told - wanted - set(_in_place(events, wanted)):
        yield f"(n) {sorted(strange)[:5]} were told for no reason"
    if any(times > 1 for *_, times in rows):
        yield "(n) somebody was told twice"
    if "restores" not in world.features:  # who was sent what a backup lacks cannot forget it
        yield from _sent(world, world.noticeboard)


def _wanted(world: "World", events: Decoded) -> Iterator[tuple[str, int, str]]:
    board = world.noticeboard
    assert board is not None
    for event, content in events:
        if event.position <= board.begun:
            continue
        named = getattr(content, CANDIDATES.get(event.type, ""), ())
        who = [MAKER] if event.type == "ApprovalCompleted" else [n.partition(":")[2] for n in named]
        yield from ((name, event.position, "") for name in who if name != event.actor)
    for position, source in world.ground.look(REFUSED):
        yield from ((name, position, source) for name in (MAKER, *SIGNERS))


def _in_place(events: Decoded, wanted: set[tuple[str, int, str]]) -> Iterator[tuple[str, int, str]]:
    """Who stands in for somebody is told in his place, if he does when people are told."""
    named = ((e.key, one.stand_in) for e, one in events if e.type == "AbsenceAnnounced")
    stand_ins = defaultdict[str, set[str]](set)
    for absent, stand_in in named:
        stand_ins[absent].add(stand_in)
    for account, position, source in wanted:
        yield from ((one, position, source) for one in stand_ins[account])


def _sent(world: "World", board: Noticeboard) -> Iterator[str]:
    got = defaultdict[tuple[str, int], set[str]](set)
    contents = defaultdict[str, set[Any]](set)
    for url, message, told in board.received:
        contents[message].add(told)
        for position in told:
            got[url, position].add(message)
    due = set()
    for account, position, state in world.ground.look(DELIVERED):
        due.add((f"https://{account}.example", position))
        if state != "sent":
            yield f"(n) what {account} is to be sent of {position} is {state}"
    if got.keys() != due:
        yield f"(n) sent was {sorted(got.keys() ^ due)[:5]} more or less than was due"
    if any(len(ids) > 1 for ids in got.values()) or any(len(n) > 1 for n in contents.values()):
        yield "(n) the same was sent under two ids, or two things under one"
