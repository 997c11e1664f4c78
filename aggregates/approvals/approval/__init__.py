"""An approval: the signatures that one content of a document needs, from those who did not make it.

Its id is the kind of the document, the document's id and the number of the round.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal, Self

from aggregates import NO_DIMENSIONS, Aggregate, Refused, Unknown, refuse_unequal
from aggregates.approvals.approval.events import (
    ApprovalCommented,
    ApprovalCompleted,
    ApprovalEscalated,
    ApprovalEvent,
    ApprovalReassigned,
    ApprovalRefused,
    ApprovalReminded,
    ApprovalRequested,
    ApprovalSigned,
    ApprovalStepOpened,
    ApprovalVoided,
    ApprovalWithdrawn,
)
from aggregates.approvals.approval.participant import Participant, same_signature
from aggregates.approvals.approval.steps import ApprovalStep, Progress
from aggregates.signatory import Signatory
from aggregates.words import in_chinese

Status = Literal["", "waiting", "completed", "refused", "withdrawn", "voided"]
OPEN = "waiting", "completed"
"""An approval in one of these states still counts for its document."""


class ApprovalOver(Refused):
    """An approval is decided once."""


class OwnDocument(Refused):
    """Nobody approves what he made."""


class NotASigner(Refused):
    """A step is signed by those whom the route names."""


class StepNotOpen(Refused):
    """Steps are signed in their order."""


class NotToReassign(Refused):
    """A signature that is still missing goes from who was to give it to somebody else."""


class NotTheAsker(Refused):
    """An approval is withdrawn by whoever asked for it."""


@dataclass(frozen=True)
class Approval(Aggregate):
    kind: ClassVar[str] = "approval"
    of_another: ClassVar[bool] = True

    requested: ApprovalRequested | None = None
    status: Status = ""
    opened: tuple[int, ...] = ()
    """The steps that have been opened."""
    signatures: tuple[ApprovalSigned, ...] = ()
    escalated: tuple[int, ...] = ()
    reminded: tuple[int, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
    reassigned: tuple[ApprovalReassigned, ...] = ()
    said: str | None = None
    """The reason for which it was refused, withdrawn or voided."""
    refused_by: str | None = None

    @staticmethod
    def id_of(kind: str, document: str, number: int) -> str:
        return f"{kind}:{document}:{number}"

    @classmethod
    def reached_by(cls, id: str) -> tuple[str, str]:
        kind, _, rest = id.partition(":")
        return kind, rest.rpartition(":")[0]

    def request(self, asked: ApprovalRequested, at: datetime) -> Iterator[ApprovalEvent]:
        yield asked
        yield from _open(asked.steps, 1, at)

    def sign(
        self, step: int, who: Participant, comment: str | None, at: datetime
    ) -> Iterator[ApprovalEvent]:
        """Sign a step; the signature that completes the last one completes the approval."""
        before = self._signed(step, who)
        if before is not None:
            same_signature(before, who, comment)
            return
        progress = self._may_sign(step, who)
        place = progress.place(who.identities)
        after = progress._replace(places=(*progress.places, place))
        what = who.account, who.own.person, who.in_place_of, comment, place
        yield ApprovalSigned(step, *what, after.candidates)
        if after.complete:
            yield from self._go_on(step, who.account, at)

    def _go_on(self, signed: int, approver: str, at: datetime) -> Iterator[ApprovalEvent]:
        """Open the next stage when all of this one is signed, or complete the approval."""
        requested = self.known()
        stage = requested.steps[signed - 1].stage
        if any(n != signed and not self.progress(n).complete for n in self.opened):
            return
        if any(step.stage == stage + 1 for step in requested.steps):
            yield from _open(self.steps, stage + 1, at)
        else:
            what = requested.document_kind, requested.document, requested.content
            yield ApprovalCompleted(*what, approver)

    def refuse(self, step: int, who: Participant, reason: str) -> Iterator[ApprovalEvent]:
        if self.status == "refused" and self.refused_by == who.account:
            refuse_unequal(("reason", self.said, reason))
            return
        self._may_sign(step, who)
        yield ApprovalRefused(step, who.account, who.own.person, who.in_place_of, reason)

    def note(self, author: str, comment: str) -> Iterator[ApprovalEvent]:
        self.known()
        if (author, comment) not in self.comments:
            yield ApprovalCommented(author, comment)

    def withdraw(
        self, who: Participant, reason: str, *, manages: bool = False
    ) -> Iterator[ApprovalEvent]:
        """`manages` accounts is who may let go of what nobody signs any more."""
        asked = self.known()
        if not manages and not who.own.same(_maker(asked)):
            raise NotTheAsker(
                f"{asked.maker} asked for the approval. Refuse it, or let {asked.maker} withdraw"
                " it, or whoever manages accounts.",
                f"该审批由 {asked.maker} 提交。请拒绝该审批，或由 {asked.maker} 或账号管理员撤回。",
            )
        if self.status == "withdrawn":
            refuse_unequal(("reason", self.said, reason))
            return
        self._must_wait()
        yield ApprovalWithdrawn(reason)

    def reassign(
        self, step: int, instead_of: str, who: Signatory, reason: str
    ) -> Iterator[ApprovalEvent]:
        """Have an account sign in the place of a candidate who has not."""
        asked = self.known()
        for before in self.reassigned:
            if (before.step, before.instead_of) == (step, instead_of):
                refuse_unequal(("signer", before.signer, who.account))
                refuse_unequal(("reason", before.reason, reason))
                return
        self._must_wait()
        self._must_have(step)
        if who.same(_maker(asked)):
            raise OwnDocument(
                f"{asked.maker} made {asked.document_kind} {asked.document}, and nobody signs his"
                " own document. Name somebody else in signer.",
                f"{asked.document_kind} {asked.document} 由 {asked.maker} 提交，本人不能签批。"
                "请在 signer 中填写其他人。",
            )
        progress = self.progress(step)
        missing = dict.fromkeys(n for one in progress.missing.values() for n in one.candidates)
        taken = f"account:{who.account}" in missing
        if instead_of not in missing or taken:
            raise NotToReassign(
                f"Step {step} still waits for {', '.join(missing) or 'nobody'}. Name one of these"
                " in instead_of, and in signer somebody who is not asked already.",
                f"第 {step} 步仍在等待 {'、'.join(missing) or '（无）'}。"
                "请在 instead_of 中填写其中之一，并在 signer 中填写尚未被要求签批的账号。",
            )
        after = progress._replace(step=progress.step.reassigned(instead_of, who.account))
        now = after.candidates if step in self.opened else ()
        yield ApprovalReassigned(step, instead_of, who.account, reason, now)

    def void(self, reason: str) -> Iterator[ApprovalEvent]:
        if self.status in OPEN:
            yield ApprovalVoided(reason)

    def remind(self, step: int) -> Iterator[ApprovalEvent]:
        if self.waits_at(step) and step not in self.reminded:
            yield ApprovalReminded(step, self.progress(step).candidates)

    def escalate(self, step: int) -> Iterator[ApprovalEvent]:
        if self.waits_at(step) and step not in self.escalated:
            progress = self.progress(step)._replace(escalated=True)
            yield ApprovalEscalated(step, progress.step.escalate_to, progress.candidates)

    def waits_at(self, step: int) -> bool:
        """Whether a step is open and still lacks a signature."""
        return self.status == "waiting" and step in self.opened and not self.progress(step).complete

    def progress(self, step: int) -> Progress:
        places = tuple(one.place for one in self.signatures if one.step == step)
        return Progress(self.steps[step - 1], places, step in self.escalated)

    @property
    def steps(self) -> tuple[ApprovalStep, ...]:
        """As they were asked for, with those who sign in the place of others since."""
        steps = list(self.known().steps)
        for one in self.reassigned:
            steps[one.step - 1] = steps[one.step - 1].reassigned(one.instead_of, one.signer)
        return tuple(steps)

    @property
    def waiting(self) -> dict[int, tuple[str, ...]]:
        """Who may sign now, by step."""
        return {n: self.progress(n).candidates for n in self.opened if self.waits_at(n)}

    def known(self) -> ApprovalRequested:
        if self.requested is None:
            raise Unknown(
                "There is no such approval. Check its id: GET /approvals lists them.",
                "没有这个审批。请检查其编号：GET /approvals 列出全部审批。",
            )
        return self.requested

    def _must_wait(self) -> None:
        self.known()
        if self.status != "waiting":
            raise ApprovalOver(
                f"The approval is {self.status}. Have the document submitted again, if it is to be"
                " approved.",
                f"该审批的状态是“{in_chinese(self.status)}”。如仍需审批，请重新提交单据。",
            )

    def _must_have(self, step: int) -> None:
        if not 1 <= step <= (last := len(self.known().steps)):
            raise Unknown(
                f"The approval has no step {step}. Choose 1 to {last}.",
                f"该审批没有第 {step} 步。请选择 1 至 {last}。",
            )

    def _may_sign(self, step: int, who: Participant) -> Progress:
        """The step as it is, where this person may sign it now."""
        asked = self.known()
        self._must_have(step)
        self._must_wait()
        if who.stands_for(_maker(asked)):
            raise OwnDocument(
                f"{asked.maker} made {asked.document_kind} {asked.document}, and nobody signs his"
                " own document, nor is it signed in his place. Let somebody else sign it.",
                f"{asked.document_kind} {asked.document} 由 {asked.maker} 提交，本人不能签批，"
                "也不能由他人代其签批。请由其他人签批。",
            )
        progress = self.progress(step)
        if not self.waits_at(step):
            raise self._not_open(step)
        if not progress.may_sign(who.identities):
            every = ", ".join(progress.candidates)
            raise NotASigner(
                f"Step {step} waits for {every}, and {who.account} is none of these. Let one of"
                " them sign, or name in in_place_of whom you stand in for.",
                f"第 {step} 步等待 {every} 签批，{who.account} 不在其中。"
                "请由其签批，或在 in_place_of 中填写您所代理的账号。",
            )
        return progress

    def _not_open(self, step: int) -> StepNotOpen:
        every = "; ".join(f"{n}: {', '.join(names)}" for n, names in self.waiting.items())
        return StepNotOpen(
            f"Step {step} is not open for signatures. Open are {every}. Sign one of these.",
            f"第 {step} 步目前不可签批。可签批的步骤有 {every}。请签批其中之一。",
        )

    def _signed(self, step: int, who: Participant) -> ApprovalSigned | None:
        """The signature of the same person, by whatever account."""
        of_step = (one for one in self.signatures if one.step == step)
        return next((n for n in of_step if who.own.same(Signatory(n.signer, n.person))), None)

    @property
    def dimensions(self) -> Mapping[str, str]:
        asked = self.requested
        if asked is None:
            return NO_DIMENSIONS
        place = {"department": asked.department or "", "region": asked.region or ""}
        return {**place, "owner": asked.owner or "", "dealer": asked.customer or ""}

    def evolve(self, event: ApprovalEvent) -> Self:
        match event:
            case ApprovalRequested():
                return replace(self, requested=event, status="waiting")
            case ApprovalStepOpened(step):
                return replace(self, opened=(*self.opened, step))
            case ApprovalSigned():
                return replace(self, signatures=(*self.signatures, event))
            case ApprovalCompleted():
                return replace(self, status="completed")
            case ApprovalRefused(signer=signer, reason=reason):
                return replace(self, status="refused", said=reason, refused_by=signer)
            case ApprovalCommented(author, comment):
                return replace(self, comments=(*self.comments, (author, comment)))
            case ApprovalWithdrawn(reason):
                return replace(self, status="withdrawn", said=reason)
            case ApprovalVoided(reason):
                return replace(self, status="voided", said=reason)
            case ApprovalReminded(step):
                return replace(self, reminded=(*self.reminded, step))
            case ApprovalEscalated(step):
                return replace(self, escalated=(*self.escalated, step))
            case ApprovalReassigned():
                return replace(self, reassigned=(*self.reassigned, event))


def _maker(asked: ApprovalRequested) -> Signatory:
    return Signatory(asked.maker, asked.maker_person)


def _open(
    steps: tuple[ApprovalStep, ...], stage: int, at: datetime
) -> Iterator[ApprovalStepOpened]:
    for number, step in enumerate(steps, 1):
        if step.stage == stage:
            times = step.remind_at(at), step.escalate_at(at)
            yield ApprovalStepOpened(number, Progress(step).candidates, *times)
