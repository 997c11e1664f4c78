"""What may be asked about reviews of what people reached."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates.calendar import business_day
from aggregates.operations.register import Register
from aggregates.targets.numbers import ReviewNumbers
from aggregates.targets.period import period
from aggregates.targets.review import (
    NotYourReview,
    PerformanceReview,
    PeriodAhead,
    Rating,
    ReviewEvent,
    ReviewWritten,
)
from commands import Alone, Command, Decision, Id, Load, Whole
from commands.authorisation import ACCOUNTS, person_of
from commands.business import assignee
from commands.change import Change, Kept
from commands.fields import LongText
from commands.numbers import Numbered
from commands.targets.target import PeriodName

Position = Annotated[Whole, Field(ge=1)]
READ_AT = "The position that its figures were read at: `/attainment?as_of=` shows them again."


def _unsigned(review: PerformanceReview) -> bool:
    return review.signed is None


class WriteReview(Numbered, of=PerformanceReview):
    """Review what a person reached in a period. The person is told, and signs it."""

    numbers = ReviewNumbers

    rep: Id = Field(description="The person whom it is about.")
    period: PeriodName
    rating: Rating
    comment: LongText
    figures_as_of: Position | None = Field(None, description=READ_AT)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: PerformanceReview = load(PerformanceReview, self.id)
        if self.rep == person_of(load, load.actor):
            raise NotYourReview(
                f"{self.rep} cannot review {self.rep}. Let somebody else write it.",
                f"{self.rep} 不能考核 {self.rep} 本人。请由他人撰写。",
            )
        who = assignee(load, self.rep)
        written = ReviewWritten(
            *who, self.period, self.rating, self.comment, self.figures_as_of, load.actor
        )
        for event in state.write(written):
            self._refuse_ahead(at)
            yield self.stream, event

    def _refuse_ahead(self, at: datetime) -> None:
        """Before a period begins, nothing was reached in it."""
        named, today = period(self.period), business_day(at)
        if named is not None and named.first > today:
            raise PeriodAhead(
                f"{self.period} begins on {named.first}, and it is {today}. Review a period that"
                " has begun.",
                f"{self.period} 自 {named.first} 开始，而今天是 {today}。请考核已开始的期间。",
            )


class ReviseReview(Change, of=PerformanceReview, when=_unsigned):
    """Correct a review that is not signed yet; what is left out stays."""

    rating: Kept[Rating] = None
    comment: Kept[LongText] = None
    figures_as_of: Kept[Position] = Field(None, description=READ_AT)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: PerformanceReview = load(PerformanceReview, self.id)
        now = state.known()
        told = vars(now) | self.told("rating", "comment", "figures_as_of")
        after = told["rating"], told["comment"], told["figures_as_of"]
        for event in state.revise(*after, load.actor):
            yield self.stream, event


class SignReview(Command, of=PerformanceReview, when=_unsigned):
    """Sign a review of oneself, and say what there is to say to it. From then on it stays as it
    is.
    """

    alone: ClassVar[Alone | None] = "signature"

    answer: LongText | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: PerformanceReview = load(PerformanceReview, self.id)
        rep = state.known().rep
        accounts: Register = load(Register, ACCOUNTS)
        if accounts.ids and person_of(load, load.actor) != rep:
            raise NotYourReview(
                f"This review is about {rep}, and {rep} alone signs it.",
                f"此考核对象为 {rep}，只能由 {rep} 本人签字。",
            )
        events: Iterator[ReviewEvent] = state.sign(self.answer, load.actor)
        for event in events:
            yield self.stream, event
