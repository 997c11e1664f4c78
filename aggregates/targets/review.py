"""A review of what one person reached: written, revised until it is right, and signed once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal, repeats
from aggregates.assignee import Assignee

Rating = Literal["exceeds", "meets", "below"]


class ReviewWritten(Event):
    """`figures_as_of` is the position of the log at which its figures were read."""

    rep: str
    department: str
    region: str
    period: str
    rating: Rating
    comment: str
    figures_as_of: int | None
    written_by: str

    def recorded_under(self) -> str:
        return "written"


class ReviewRevised(Event):
    rep: str
    rating: Rating
    comment: str
    figures_as_of: int | None
    written_by: str


class ReviewSigned(Event):
    """The person has read it, and says what there is to say to it."""

    rep: str
    answer: str | None
    signed_by: str


ReviewEvent = ReviewWritten | ReviewRevised | ReviewSigned


class ReviewIsSigned(Refused):
    """What was signed stays as it was."""


class NotYourReview(Refused):
    """A review is signed by the person whom it is about, and written by another."""


class PeriodAhead(Refused):
    """What is reviewed has begun."""


@dataclass(frozen=True)
class PerformanceReview(Aggregate):
    kind: ClassVar[str] = "performance_review"

    written: ReviewWritten | None = None  # as it was at first, to know a repeat
    now: ReviewWritten | None = None
    signed: ReviewSigned | None = None

    def write(self, review: ReviewWritten) -> Iterator[ReviewEvent]:
        if not repeats(self.written, review, but=("department", "region", "written_by")):
            yield review

    def revise(
        self, rating: Rating, comment: str, at: int | None, by: str
    ) -> Iterator[ReviewEvent]:
        now = self.known()
        if (now.rating, now.comment, now.figures_as_of) != (rating, comment, at):
            if self.signed is not None:
                raise ReviewIsSigned(
                    "This review is signed, and stays as it is. Write another.",
                    "此考核已签字确认，不能再修改。请另写一份。",
                )
            yield ReviewRevised(now.rep, rating, comment, at, by)

    def sign(self, answer: str | None, by: str) -> Iterator[ReviewEvent]:
        now = self.known()
        if self.signed is None:
            yield ReviewSigned(now.rep, answer, by)
        else:
            refuse_unequal(("answer", self.signed.answer, answer))

    def known(self) -> ReviewWritten:
        if self.now is None:
            raise Unknown(
                "There is no such review. Write it first, or check its id.",
                "没有这份考核。请先撰写，或检查其编号。",
            )
        return self.now

    @property
    def dimensions(self) -> Mapping[str, str]:
        of = self.now
        who = Assignee(of.rep, of.department, of.region) if of else Assignee()
        return who._asdict()

    def evolve(self, event: ReviewEvent) -> Self:
        match event:
            case ReviewWritten():
                return replace(self, written=event, now=event)
            case ReviewRevised(_, rating, comment, at, by):
                assert self.now is not None, "only what was written is revised"
                now = replace(self.now, rating=rating, comment=comment, written_by=by)
                return replace(self, now=replace(now, figures_as_of=at))
            case ReviewSigned():
                return replace(self, signed=event)
