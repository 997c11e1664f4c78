"""Large orders wait for a signature: whether each went on once, and who was told of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from random import Random
from typing import Any

from end_to_end.oracle import Finding, doubled, lost, wrong
from receivers import Received, Receiver
from sqlalchemy import select

from chaos.files import HANGS_ON
from chaos.world import MAKER, SIGNER, STAND_IN, World
from commands import Command
from commands.approvals.absence import AnnounceAbsence, EndAbsence
from commands.approvals.approval import CommentApproval, RefuseApproval, SignApproval
from commands.customers.customer import RegisterCustomer
from commands.notices.subscription import Subscribe
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings
from infra.clock import micros
from infra.events import Recorded
from services.notices import deliveries, destinations, inbox

LARGE = 60_000
OPENED = "ApprovalStepOpened"
APPROVED = {"OrderApproved", "OrderApprovalRefused"}
"""With its goods, or for want of goods not yet."""
WENT_ON = {*APPROVED, "OrderRejected", "OrderCancelled"}
Content = Callable[[Recorded], Any]


def opening(world: World, receiver: Receiver) -> list[Command]:
    """Who there is, what is to be signed, and where the signer is told of it."""
    platform = world.company.platform
    with platform.database.write() as connection:
        now, secret = platform.database.now(connection), destinations.new_secret()
        hook = destinations.make(connection, SIGNER, "webhook", receiver.url, secret, now)
        mail = destinations.make(connection, SIGNER, "mail", f"{SIGNER}@example.com", "", now)
    step = {"signers": [{"account": SIGNER}]}
    where_large = f"amount.gte={LARGE}"
    route = {"name": "large", "document": "order", "where": where_large, "steps": [step]}
    return [
        OpenAccount(id=MAKER),
        OpenAccount(id=SIGNER),
        GrantRole(id=SIGNER, role="owner", everything=True),
        OpenAccount(id=STAND_IN),
        GrantRole(id=STAND_IN, role="owner", everything=True),
        ChangeSettings(id="approvals.routes", values={"routes": [route]}, reason="four eyes"),
        Subscribe(id=SIGNER, name="approval-to-sign", destination=hook.id),
        Subscribe(id=SIGNER, name="mail", events=(OPENED,), destination=mail.id, language="en"),
        # What is overdue is so once, so that the log comes to an end.
        ChangeSettings(id="fieldwork.tasks", values={"repeats": 0}, reason="once is enough"),
        HireRep(id="keeper", name="K", department="north", region="east"),
        RegisterCustomer(id=HANGS_ON["id"], name="F", customer_kind="dealer", owner="keeper"),
    ]


class Signing:
    """Signs what was submitted lately, and refuses some of it; is away now and then."""

    def __init__(
        self, draw: Random, submitted: Sequence[str], in_place_of: str | None = None
    ) -> None:
        self.draw, self.submitted, self.in_place_of = draw, submitted, in_place_of
        self.number = 0

    def next(self) -> Command:
        self.number += 1
        if self.in_place_of is None and self.draw.random() < 0.1:
            return self._absence()
        order = self.draw.choice(self.submitted[-20:]) if self.submitted else "none"
        approval = f"order:{order}:1"
        if self.draw.random() < 0.05:
            return RefuseApproval(id=approval, step=1, reason="too much")
        if self.draw.random() < 0.05:
            return CommentApproval(id=approval, comment=f"seen {self.number}")
        return SignApproval(id=approval, step=1, in_place_of=self.in_place_of)

    def _absence(self) -> Command:
        if self.draw.random() < 0.3:
            return EndAbsence(id=SIGNER)
        since = datetime.now(UTC)
        until = since + timedelta(seconds=self.draw.uniform(1, 6))
        return AnnounceAbsence(id=SIGNER, stand_in=STAND_IN, since=since, until=until)


def gone_on(log: Iterable[Recorded], content: Content) -> Iterator[Finding]:
    """No order goes on before it is signed, and what is signed goes on once."""
    needs = dict[str, str | None]()
    signed, ends = dict[str, int](), dict[str, int]()
    approved = Counter[str]()
    for event in log:
        if event.type == "OrderSubmitted":
            needs[event.stream] = content(event).approval
        elif event.type == "ApprovalCompleted":
            signed[event.key.partition(":")[2].rpartition(":")[0]] = event.position
        elif event.type == "OrderReservationLapsed":
            approved[event.stream] -= 1
        if event.type in APPROVED and needs[event.stream] and event.key not in signed:
            yield wrong(f"{event.stream} went on at {event.position}, before it was signed")
        if event.type in WENT_ON:
            approved[event.stream] += event.type == "OrderApproved"
            ends[event.key] = event.position
            if approved[event.stream] > 1:
                yield doubled(f"{event.stream} was approved again at {event.position}")
    for order, position in signed.items():
        if ends.get(order, 0) < position:
            yield lost(f"{order} was signed at {position}, and does not go on")


def stood_in(log: Iterable[Recorded], content: Content) -> Iterator[Finding]:
    """Nobody signs for another but while that one is away, and a step is signed once."""
    away: tuple[int, int] | None = None
    signed = Counter[str]()
    for event in log:
        if event.type == "AbsenceAnnounced":
            period = content(event)
            away = micros(period.since), micros(period.until)
        elif event.type == "AbsenceEnded":
            away = None
        elif event.type == "ApprovalSigned":
            signed[event.key] += 1
            if signed[event.key] > 1:
                yield doubled(f"{event.key} was signed again at {event.position}")
            there = away is None or not away[0] <= event.occurred_at < away[1]
            if content(event).in_place_of and there:
                yield wrong(f"{event.key} was signed at {event.position} for one who is there")


def told(world: World, log: Iterable[Recorded], received: Iterable[Received]) -> Iterator[Finding]:
    """Whoever signs is told of each step and sent it, and who asked that all have signed; once.

    Whoever stands in is told of steps as well, of those that are opened meanwhile.
    """
    to = {OPENED: SIGNER, "ApprovalCompleted": MAKER}
    wanted = {(to[event.type], event.position) for event in log if event.type in to}
    may = wanted | {(STAND_IN, event.position) for event in log if event.type == OPENED}
    column = inbox.notices.c
    with world.company.platform.database.read() as connection:
        query = select(column.account, column.position).where(column.source == "")
        found = Counter((row[0], row[1]) for row in connection.execute(query))
    for account, position in wanted - found.keys():
        yield lost(f"{account} was not told of position {position}")
    for account, position in found - Counter(may):
        yield doubled(f"{account} was told of position {position} too often")
    yield from sent({position for account, position in wanted if account == SIGNER}, received)


def sent(wanted: set[int], received: Iterable[Received]) -> Iterator[Finding]:
    """What is sent again has the id that it had."""
    ids = defaultdict[int, set[str]](set)
    for one in received:
        ids[one.content["data"]["position"]].add(one.id)
    for position in wanted - ids.keys():
        yield lost(f"position {position} was not sent")
    for position, own in ids.items():
        if position not in wanted or len(own) > 1:
            yield doubled(f"position {position} was sent under {sorted(own)}")


def mailed(log: Iterable[Recorded], mails: Iterable[EmailMessage]) -> Iterator[Finding]:
    """The signer is mailed each step that is opened; what is mailed again has the id it had."""
    ids = defaultdict[str, set[str]](set)
    for mail in mails:
        ids[str(mail["Subject"]).rpartition(" ")[2]].add(str(mail["Message-ID"]))
    opened = {event.key for event in log if event.type == OPENED}
    for approval in opened - ids.keys():
        yield lost(f"{approval} was not mailed")
    for approval, own in ids.items():
        if approval not in opened or len(own) > 1:
            yield doubled(f"{approval} was mailed under {sorted(own)}")


def unsent(world: World) -> Iterator[Finding]:
    """What waits to be sent, or nobody has taken."""
    platform = world.company.platform
    with platform.database.read() as connection:
        for state, count in deliveries.counts(connection, platform.store.log).items():
            if count:
                yield wrong(f"{count} notices are {state}")
