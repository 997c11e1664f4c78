"""A cooperation agreement holds from its signature on, on the days that it says, until it ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Literal, Self

from aggregates import Aggregate, Event, Refused, Unknown, refuse_unequal, repeats
from aggregates.marks import Money, names
from aggregates.words import in_chinese

MeasuredBy = Literal["sell_in", "sell_out"]
AgreementStatus = Literal["", "draft", "signed", "ended"]


@dataclass(frozen=True)
class AgreementTerms:
    """Of the regions and products that it names, and all below; with none it is for any.

    The target is what the dealer is to buy while it holds or, by `sell_out`, to sell on.
    """

    regions: Annotated[tuple[str, ...], names("region")]
    products: Annotated[tuple[str, ...], names("product")]
    price_list: str | None
    target_amount: Money | None
    target_quantity: int | None
    currency: str | None
    valid_from: date
    valid_until: date
    renews: Annotated[str | None, names("agreement")]
    note: str | None
    measured_by: MeasuredBy = field(default="sell_in", kw_only=True)


class AgreementDrafted(AgreementTerms, Event):
    dealer: str

    def recorded_under(self) -> str:
        return "drafted"


class AgreementChanged(AgreementTerms, Event):
    """The terms as they are from then on."""


class AgreementSigned(Event):
    """`settings` is the version that says when its renewal is due."""

    signed_by: str
    signed_on: date
    remind_at: datetime
    over_at: datetime
    settings: str | None


class AgreementRenewalDue(Event):
    """The owner of the dealer is told that it ends soon."""

    owner: str
    valid_until: date


class AgreementEnded(Event):
    """Its last day was earlier than agreed, with the reason, or was the agreed one."""

    last_day: date
    reason: str | None


AgreementEvent = (
    AgreementDrafted | AgreementChanged | AgreementSigned | AgreementRenewalDue | AgreementEnded
)


class AgreementBackwards(Refused):
    """No agreement ends before it begins."""


class NotThen(Refused):
    """What is signed stands, and what has ended is over."""


class TargetWithoutCurrency(Refused):
    """An amount is of a currency."""


@dataclass(frozen=True)
class Agreement(Aggregate):
    """Its id is the dealer's, and one of its own. Who may see the dealer may see it."""

    kind: ClassVar[str] = "agreement"
    id_names = ("customer",)
    of_another: ClassVar[bool] = True

    drafted: AgreementDrafted | None = None  # as it was at first, to know a repeat
    terms: AgreementChanged | None = None
    signed: AgreementSigned | None = None
    reminded: bool = False
    ended: AgreementEnded | None = None

    @property
    def status(self) -> AgreementStatus:
        if self.drafted is None:
            return ""
        return "ended" if self.ended else "signed" if self.signed else "draft"

    def draft(self, asked: AgreementDrafted) -> Iterator[AgreementEvent]:
        if not repeats(self.drafted, asked):
            _check(asked)
            yield asked

    def change(self, asked: AgreementChanged) -> Iterator[AgreementEvent]:
        self._must_be("draft")
        _check(asked)
        if asked != self.known():
            yield asked

    def sign(self, asked: AgreementSigned) -> Iterator[AgreementEvent]:
        self.known()
        if self.signed is not None:
            told = "signed_by", "signed_on"
            refuse_unequal(*((n, getattr(self.signed, n), getattr(asked, n)) for n in told))
            return
        self._must_be("draft")
        yield asked

    def remind(self, owner: str, at: datetime) -> Iterator[AgreementEvent]:
        self.known()
        due = self.signed is not None and self.signed.remind_at <= at
        if due and self.status == "signed" and not self.reminded:
            yield AgreementRenewalDue(owner, self.known().valid_until)

    def end(self, last_day: date, reason: str | None) -> Iterator[AgreementEvent]:
        if self.ended is not None:
            refuse_unequal(
                ("last_day", self.ended.last_day, last_day), ("reason", self.ended.reason, reason)
            )
            return
        self._must_be("signed")
        terms = self.known()
        if last_day > terms.valid_until:
            raise NotThen(
                f"The agreement ends by itself on {terms.valid_until}. Give that day or an"
                " earlier one as last_day.",
                f"协议将于 {terms.valid_until} 到期。last_day 请填写该日或更早的日期。",
            )
        if last_day < (never := self.day_before()):
            raise AgreementBackwards(
                f"The agreement begins on {terms.valid_from}. Give that day or a later one as"
                f" last_day, or {never} where it is never to begin.",
                f"协议自 {terms.valid_from} 起生效。last_day 请填写该日或之后的日期；"
                f"如不再生效，请填写 {never}。",
            )
        yield AgreementEnded(last_day, reason)

    def last_day_by(self, today: date) -> date:
        """Its last day where it ends today: the agreed one where that is past, and the day before
        it begins where it never does.
        """
        if self.ended is not None:
            return self.ended.last_day
        return max(min(today, self.known().valid_until), self.day_before())

    def day_before(self) -> date:
        """The last day of an agreement that never begins."""
        return self.known().valid_from - timedelta(days=1)

    def known(self) -> AgreementChanged:
        if self.terms is None:
            raise Unknown(
                "There is no such agreement. Draft it first.", "没有这份协议。请先起草协议。"
            )
        return self.terms

    def _must_be(self, status: AgreementStatus) -> None:
        self.known()
        if self.status != status:
            raise NotThen(
                f"The agreement is {self.status}, not {status}. Draft the next one, and name this"
                " one in renews.",
                f"协议状态为“{in_chinese(self.status)}”，而不是“{in_chinese(status)}”。"
                "请另行起草，并在 renews 中填写本协议。",
            )

    def evolve(self, event: AgreementEvent) -> Self:
        match event:
            case AgreementDrafted():
                return replace(self, drafted=event, terms=_terms(event))
            case AgreementChanged():
                return replace(self, terms=event)
            case AgreementSigned():
                return replace(self, signed=event)
            case AgreementRenewalDue():
                return replace(self, reminded=True)
            case AgreementEnded():
                return replace(self, ended=event)


def _terms(told: AgreementTerms) -> AgreementChanged:
    return AgreementChanged(**{one.name: getattr(told, one.name) for one in fields(AgreementTerms)})


def _check(terms: AgreementTerms) -> None:
    if terms.valid_until < terms.valid_from:
        raise AgreementBackwards(
            f"It would hold from {terms.valid_from} until {terms.valid_until}, which is earlier."
            " Give that day or a later one as valid_until.",
            f"有效期自 {terms.valid_from} 起，却在更早的 {terms.valid_until} 结束。"
            "请将 valid_until 改为该日或之后的日期。",
        )
    if terms.target_amount is not None and terms.currency is None:
        raise TargetWithoutCurrency(
            "A target amount is in a currency. Give its code, such as CNY.",
            "目标金额需要货币。请填写货币代码，例如 CNY。",
        )
