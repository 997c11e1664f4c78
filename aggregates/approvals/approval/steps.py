"""The steps of an approval: who may sign each, and whether enough have."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple


@dataclass(frozen=True)
class Signer:
    """One signature that is asked for: whoever is one of the candidates may give it.

    A candidate is `account:li`, `role:finance` or `head:east`, who heads a department.
    """

    candidates: tuple[str, ...]


@dataclass(frozen=True)
class ApprovalStep:
    """Steps of one stage are open side by side; a stage opens when those before are complete.

    `escalate_to` are the candidates of whom one may sign alone after `escalate_hours`.
    """

    stage: int
    needs: Literal["one", "all"]
    signers: tuple[Signer, ...]
    remind_hours: int | None = None
    escalate_hours: int | None = None
    escalate_to: tuple[str, ...] = ()

    def reassigned(self, instead_of: str, account: str) -> "ApprovalStep":
        """With an account in the first place that such a candidate could have filled."""
        signers = list(self.signers)
        place = next(n for n, one in enumerate(signers) if instead_of in one.candidates)
        signers[place] = Signer((f"account:{account}",))
        return replace(self, signers=tuple(signers))

    def remind_at(self, opened: datetime) -> datetime | None:
        return _after(opened, self.remind_hours)

    def escalate_at(self, opened: datetime) -> datetime | None:
        return _after(opened, self.escalate_hours)


class Progress(NamedTuple):
    """What has been signed of a step: the places of its signers, and whether it is escalated.

    A signature without a place is that of somebody to whom the step was escalated.
    """

    step: ApprovalStep
    places: tuple[int | None, ...] = ()
    escalated: bool = False

    @property
    def complete(self) -> bool:
        if self.step.needs == "one" or None in self.places:
            return bool(self.places)
        return len(self.places) == len(self.step.signers)

    @property
    def missing(self) -> dict[int, Signer]:
        """The signatures that are still asked for, by place."""
        if self.complete:
            return {}
        return {n: one for n, one in enumerate(self.step.signers) if n not in self.places}

    @property
    def candidates(self) -> tuple[str, ...]:
        """Whoever may sign now, each once."""
        every = [name for one in self.missing.values() for name in one.candidates]
        if self.escalated and not self.complete:
            every.extend(self.step.escalate_to)
        return tuple(dict.fromkeys(every))

    def may_sign(self, identities: Collection[str]) -> bool:
        return any(one in identities for one in self.candidates)

    def place(self, identities: Collection[str]) -> int | None:
        """The place that somebody of these identities fills: the one that fewest others can.

        None is alone, where the step was escalated to him.
        """
        fitting = [
            (min(_order(name) for name in one.candidates if name in identities), number)
            for number, one in self.missing.items()
            if any(name in identities for name in one.candidates)
        ]
        return min(fitting)[1] if fitting else None


def _order(candidate: str) -> int:
    return ("account", "head", "role").index(candidate.partition(":")[0])


def _after(opened: datetime, hours: int | None) -> datetime | None:
    return None if hours is None else opened + timedelta(hours=hours)
