"""What may be asked about approvals: sign, refuse, comment, withdraw."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from aggregates import Aggregate, Refused
from aggregates.approvals.absence import Absence
from aggregates.approvals.approval import Approval
from aggregates.approvals.approval.events import (
    ApprovalEvent,
    ApprovalRefused,
    ApprovalSigned,
    ApprovalWithdrawn,
)
from aggregates.approvals.approval.participant import Participant
from commands import Command, Decision, Id, Load, Text, Whole
from commands.approvals.absence import MANAGES_ACCOUNTS, SIGNS
from commands.approvals.documents import ApprovableDocument
from commands.approvals.identities import identities, signatory
from commands.authorisation import may_act, rights_of

ApprovalId = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z_]{1,40}:[A-Za-z0-9][A-Za-z0-9._-]{0,63}:[1-9][0-9]{0,5}$",
    ),
    Field(examples=["order:SO-1:1"]),
]
"""The kind of the document, its id, and the number of the round."""
InPlaceOf = Annotated[
    Id | None, Field(description="The absent account that you stand in for, where you do.")
]
StepNumber = Annotated[Whole, Field(ge=1, description="The step, as the approval numbers them.")]


class DocumentChanged(Refused):
    """What is signed is what was asked for."""


class NotTheStandIn(Refused):
    """In place of somebody signs whom he named for the time of his absence."""


class CannotSign(Refused):
    """A signature is asked of whoever may give it."""


class ApprovalCommand(Command):
    """A request about an approval, in the name of whoever asks."""

    alone = "signature"
    id: ApprovalId

    def participant(self, load: Load, absent: str | None = None) -> Participant:
        """Who asks; with an absent account, as what that may sign."""
        own = signatory(load, load.actor)
        if absent is None:
            return Participant(own, identities(load, load.actor))
        if load(Absence, absent).stand_in_at(load.now) != load.actor:
            raise NotTheStandIn(
                f"{load.actor} does not stand in for {absent} now. Let {absent} announce the"
                " absence with announce-absence, or sign as yourself.",
                f"{load.actor} 目前不是 {absent} 的代理人。请由 {absent} 使用 announce-absence"
                " 登记缺勤，或以本人身份签批。",
            )
        return Participant(own, identities(load, absent), signatory(load, absent))


class SignApproval(ApprovalCommand, of=Approval, when=lambda one: one.status == "waiting"):
    """Sign a step of an approval. After the last signature the document goes on by itself.

    Nobody signs what he made, and one person signs a step once.
    """

    step: StepNumber
    content: str | None = Field(
        None, description="The content that was read; if it is another, nothing is signed."
    )
    comment: Text | None = None
    in_place_of: InPlaceOf = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Approval = load(Approval, self.id)
        if self.content not in (None, state.known().content):
            raise _another_content(state)
        who = self.participant(load, self.in_place_of)
        for event in state.sign(self.step, who, self.comment, at):
            if isinstance(event, ApprovalSigned):
                check_content(load, state)
            yield self.stream, event


class RefuseApproval(ApprovalCommand, of=Approval, when=lambda one: one.status == "waiting"):
    """Refuse to sign a step; the document is refused with it."""

    step: StepNumber
    reason: Text
    in_place_of: InPlaceOf = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Approval = load(Approval, self.id)
        who = self.participant(load, self.in_place_of)
        for event in state.refuse(self.step, who, self.reason):
            yield self.stream, event
            if isinstance(event, ApprovalRefused):
                asked = state.known()
                document = ApprovableDocument.known[asked.document_kind]
                yield from document.refused(load, asked.document, self.reason)


class CommentApproval(ApprovalCommand, of=Approval):
    """Say something about an approval, for all who read it."""

    comment: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for event in load(Approval, self.id).note(load.actor, self.comment):
            yield self.stream, event


class WithdrawApproval(ApprovalCommand, of=Approval, when=lambda one: one.status == "waiting"):
    """Take a document back that waits for signatures: who asked for them may change it then.

    It is for whoever asked for them, or for whoever manages accounts: a signer may have left.
    """

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Approval = load(Approval, self.id)
        rights = rights_of(load, load.actor)
        manages = rights is not None and rights.may(MANAGES_ACCOUNTS)
        for event in state.withdraw(self.participant(load), self.reason, manages=manages):
            yield self.stream, event
            if isinstance(event, ApprovalWithdrawn):
                asked = state.known()
                document = ApprovableDocument.known[asked.document_kind]
                yield from document.withdrawn(load, asked.document)


class ReassignApproval(ApprovalCommand, of=Approval, when=lambda one: one.status == "waiting"):
    """Have somebody else sign a step in the place of one who cannot: who has left, or of a role
    that nobody has.
    """

    step: StepNumber
    instead_of: Text = Field(
        description="Who was to sign, as the approval names it.",
        examples=["account:li", "role:finance", "head:east"],
    )
    signer: Id = Field(description="The account that signs from now on.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Approval = load(Approval, self.id)
        who = signatory(load, self.signer)
        for event in state.reassign(self.step, self.instead_of, who, self.reason):
            rights = rights_of(load, self.signer)
            if not may_act(load, self.signer) or not (rights is None or rights.may(SIGNS)):
                raise CannotSign(
                    f"{self.signer} may not sign approvals: the account is not open, or no role of"
                    " it grants sign-approval. Name another, or have the role granted first.",
                    f"{self.signer} 不能签批：该账号无效，或其角色未授予 sign-approval。"
                    "请填写其他账号，或先授予相应角色。",
                )
            yield self.stream, event


def check_content(load: Load, state: Approval) -> None:
    """Refuse to sign for a document that is not as it was when its approval was asked for."""
    asked = state.known()
    document = ApprovableDocument.known[asked.document_kind]
    if document.content(load, asked.document).digest != asked.content:
        raise _another_content(state)


def _another_content(state: Approval) -> DocumentChanged:
    what = f"{state.known().document_kind} {state.known().document}"
    return DocumentChanged(
        f"{what} is not as it was read or submitted. Read it again, and sign its latest approval.",
        f"{what} 与您读取或提交时的内容不同。请重新读取，并签批其最新的审批。",
    )


class RemindSigners(Command):
    """Remind those who are to sign a step, if somebody still is.

    Declared without `of`, as what a process asks is.
    """

    aggregate: ClassVar[type[Aggregate]] = Approval
    id: ApprovalId
    step: StepNumber

    def decide(self, state: Approval, at: datetime) -> Iterator[ApprovalEvent]:
        return state.remind(self.step)


class EscalateApproval(Command):
    """Let those sign a step alone to whom it is escalated, if it still waits.

    Declared without `of`, as what a process asks is.
    """

    aggregate: ClassVar[type[Aggregate]] = Approval
    id: ApprovalId
    step: StepNumber

    def decide(self, state: Approval, at: datetime) -> Iterator[ApprovalEvent]:
        return state.escalate(self.step)
