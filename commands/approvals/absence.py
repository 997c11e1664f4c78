"""What may be asked about absences: announce one with a stand-in, and end it."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates import Refused
from aggregates.approvals.absence import (
    Absence,
    AbsenceAnnounced,
    StandInNamed,
    StandInReleased,
)
from commands import Command, Decision, Id, Instant, Load, Text
from commands.authorisation import may_act, rights_of

MANAGES_ACCOUNTS = "command:organisation/close-account"
SIGNS = "command:approvals/sign-approval"


class NotOnesOwn(Refused):
    """Everybody announces his own absence."""


class UnfitStandIn(Refused):
    """Who may do nothing stands in for nobody."""


class AnnounceAbsence(Command, of=Absence):
    """Announce that an account's person is away, and who signs in the meantime.

    The owner of things stays who he is. It is for oneself, or for whoever manages accounts; what
    was announced before counts no more.
    """

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    stand_in: Id = Field(description="The account that signs in the meantime.")
    since: Instant
    until: Instant = Field(description="The instant from which the person is back.")
    reason: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Absence = load(Absence, self.id)
        asked = AbsenceAnnounced(self.stand_in, self.since, self.until, self.reason)
        for event in state.announce(self.id, asked, at):
            _own(load, self.id)
            if not may_act(load, self.stand_in):
                raise UnfitStandIn(
                    f"{self.stand_in} is no open account of somebody who works here. Name another.",
                    f"{self.stand_in} 不是在职人员的有效账号。请填写其他账号。",
                )
            rights = rights_of(load, self.stand_in)
            if rights is not None and not rights.may(SIGNS):
                raise UnfitStandIn(
                    f"{self.stand_in} may not sign approvals: no role of the account grants it."
                    " Name somebody who may, or have the role granted first.",
                    f"{self.stand_in} 无权签批：该账号没有相应角色。请填写有权签批的账号，"
                    "或先授予角色。",
                )
            yield self.stream, event
            yield from _released(self.id, state, load)
            load(Absence, self.stand_in)
            named = StandInNamed(self.id, self.since, self.until)
            yield Absence.stream(self.stand_in), named


class EndAbsence(Command, of=Absence, when=lambda absence: absence.announced is not None):
    """End an absence before its time, or call it off."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Absence = load(Absence, self.id)
        for event in state.end():
            _own(load, self.id)
            yield self.stream, event
            yield from _released(self.id, state, load)


def _released(absent: str, before: Absence, load: Load) -> Iterator[Decision]:
    """Who stood in for it stands in no more."""
    if before.announced is not None:
        stand_in = before.announced.stand_in
        load(Absence, stand_in)
        yield Absence.stream(stand_in), StandInReleased(absent)


def _own(load: Load, account: str) -> None:
    rights = rights_of(load, load.actor)
    if load.actor == account or rights is None or rights.may(MANAGES_ACCOUNTS):
        return
    raise NotOnesOwn(
        f"{load.actor} announces no absence of {account}. Let {account} ask it, or whoever manages"
        " accounts.",
        f"{load.actor} 不能为 {account} 登记缺勤。请由 {account} 本人或账号管理员操作。",
    )
