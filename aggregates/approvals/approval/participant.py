"""Who signs, in whose place, and that the same signature told again says the same."""

from collections.abc import Collection
from typing import NamedTuple

from aggregates import Refused, refuse_unequal
from aggregates.approvals.approval.events import ApprovalSigned
from aggregates.signatory import Signatory


class SignsOnce(Refused):
    """One person signs a step once, for whomever."""


class Participant(NamedTuple):
    """Who acts, as what he may sign, and for whom he stands in."""

    own: Signatory
    identities: Collection[str] = ()
    absent: Signatory | None = None

    def stands_for(self, other: Signatory) -> bool:
        """Whether it is that person who acts, or in whose place somebody does."""
        return self.own.same(other) or (self.absent is not None and self.absent.same(other))

    @property
    def account(self) -> str:
        return self.own.account

    @property
    def in_place_of(self) -> str | None:
        return None if self.absent is None else self.absent.account


def same_signature(before: ApprovalSigned, who: Participant, comment: str | None) -> None:
    if before.in_place_of != who.in_place_of:
        first, now = (one or who.account for one in (before.in_place_of, who.in_place_of))
        raise SignsOnce(
            f"{who.account} has signed this step for {first}, and one person signs a step once."
            f" Let {now} sign, or name another stand-in.",
            f"{who.account} 已代表 {first} 签批此步骤，每人每步只能签批一次。"
            f"请由 {now} 本人签批，或另指定代理人。",
        )
    refuse_unequal(
        ("signer", before.signer, who.account),
        ("in_place_of", before.in_place_of, who.in_place_of),
        ("comment", before.comment, comment),
    )
