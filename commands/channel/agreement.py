"""What may be asked about agreements with dealers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from aggregates import Refused
from aggregates.calendar import business_day, day_after, day_start
from aggregates.channel.agreeing import AgreementSettings
from aggregates.channel.agreement import (
    Agreement,
    AgreementChanged,
    AgreementDrafted,
    AgreementSigned,
    MeasuredBy,
    NotThen,
)
from aggregates.channel.partner import AgreementEntered, Partner
from aggregates.customers.customer import Customer
from aggregates.organisation.region import Region
from aggregates.pricing.price_list import PriceList
from commands import Alone, Amount, Currency, Day, Decision, Id, Load, Quantity, Text, registers
from commands.change import Change, Kept
from commands.channel.of_dealer import DealerCommand
from commands.fields import LongText, each_once
from commands.settings import in_force

TERMS = (
    *("regions", "products", "price_list", "target_amount", "target_quantity"),
    *("currency", "valid_from", "valid_until", "renews", "note", "measured_by"),
)
Several = Annotated[tuple[Id, ...], Field(max_length=200), AfterValidator(each_once)]
REGIONS = "The territory, with all below; without any it is everywhere."
PRODUCTS = "What the dealer may sell; without any it is everything."
PRICES = Field(None, description="By which he buys: a list for all, or his own.")
TARGET = Field(None, description="What he is to buy, or to sell on, while it holds.")
MEASURED = "What counts for the target: what he buys, or what he reports as sold on."
RENEWS = Field(None, description="The agreement before it.")


class PricesOfAnother(Refused):
    """The prices of one customer are nobody else's."""


class AgreementCommand(DealerCommand):
    own: ClassVar[str] = "agreement"

    agreement: Id = Field(description="Its own id, one for each of the dealer's.")


class DraftAgreement(AgreementCommand, of=Agreement):
    """Draft a cooperation agreement with a dealer; it holds once it is signed."""

    begins: ClassVar[bool] = True
    added: ClassVar[tuple[str, ...]] = (*AgreementCommand.added, "measured_by")

    regions: Several = Field((), description=REGIONS)
    products: Several = Field((), description=PRODUCTS)
    price_list: Id | None = PRICES
    target_amount: Amount | None = TARGET
    target_quantity: Quantity | None = TARGET
    currency: Currency | None = None
    valid_from: Day
    valid_until: Day
    renews: Id | None = RENEWS
    note: LongText | None = None
    measured_by: MeasuredBy = Field("sell_in", description=MEASURED)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        terms = {name: getattr(self, name) for name in TERMS}
        for event in load(Agreement, self.id).draft(AgreementDrafted(**terms, dealer=self.dealer)):
            _may_agree(load, self.dealer)
            registers.dealer(load, self.dealer)
            _check_named(load, self.dealer, terms)
            yield self.stream, event


class ChangeAgreement(AgreementCommand, Change, of=Agreement, when=lambda a: a.status == "draft"):
    """Change the draft of an agreement; what is left out stays, and null clears it."""

    added: ClassVar[tuple[str, ...]] = (*AgreementCommand.added, "measured_by")

    regions: Kept[Several] = Field(None, description=REGIONS)
    products: Kept[Several] = Field(None, description=PRODUCTS)
    price_list: Id | None = PRICES
    target_amount: Amount | None = TARGET
    target_quantity: Quantity | None = TARGET
    currency: Currency | None = None
    valid_from: Kept[Day] = None
    valid_until: Kept[Day] = None
    renews: Id | None = RENEWS
    note: LongText | None = None
    measured_by: Kept[MeasuredBy] = Field(None, description=MEASURED)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Agreement = load(Agreement, self.id)
        now, told = state.known(), self.told(*TERMS)
        terms = {name: getattr(now, name) for name in TERMS} | told
        for event in state.change(AgreementChanged(**terms)):
            _check_named(load, self.dealer, told)
            yield self.stream, event


class SignAgreement(AgreementCommand, of=Agreement, when=lambda a: a.status == "draft"):
    """Record that an agreement was signed: it holds on its days, and no other does then."""

    signed_by: Text = Field(description="Who signed for the dealer.")
    signed_on: Day | None = Field(None, description="Today, unless told otherwise.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Agreement = load(Agreement, self.id)
        settings, version = in_force(load, AgreementSettings, at)
        over = day_after(state.known().valid_until)
        remind = over - timedelta(days=settings.remind_days)
        day = self.signed_on or (state.signed.signed_on if state.signed else business_day(at))
        if day > business_day(at):
            raise NotThen(
                f"{day} has not come. Give the day on which it was signed.",
                f"{day} 尚未到来。请填写实际签署的日期。",
            )
        what = self.signed_by, day, day_start(remind), day_start(over), version
        for event in state.sign(AgreementSigned(*what)):
            _may_agree(load, self.dealer)
            yield self.stream, event
            yield from _entered(load, self, state.known().valid_until)


class RemindOfAgreement(
    AgreementCommand, of=Agreement, when=lambda a: a.status == "signed" and not a.reminded
):
    """Tell the owner of a dealer that an agreement ends soon."""

    alone: ClassVar[Alone | None] = "process"

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        customer: Customer = load(Customer, self.dealer)
        for event in load(Agreement, self.id).remind(customer.owner, at):
            yield self.stream, event


class EndAgreement(AgreementCommand, of=Agreement, when=lambda a: a.status == "signed"):
    """End an agreement: from the day after its last day on it is not used. One that has not begun
    never begins.
    """

    last_day: Day | None = Field(
        None,
        description="Today, the agreed one where that is past, or the day before it begins.",
    )
    reason: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Agreement = load(Agreement, self.id)
        last_day = self.last_day or state.last_day_by(business_day(at))
        for event in state.end(last_day, self.reason):
            yield self.stream, event
            yield from _entered(load, self, event.last_day)  # type: ignore[union-attr]


def agreement_on(load: Load, dealer: str, at: datetime) -> tuple[str, Agreement] | None:
    """The agreement that holds with a dealer at an instant; what has ended is none."""
    partner: Partner = load(Partner, dealer)
    name = partner.on(business_day(at))
    return None if name is None else (name, load(Agreement, name))


def _may_agree(load: Load, dealer: str) -> None:
    """Refuse to agree on business with who is frozen or was merged away."""
    customer: Customer = load(Customer, dealer)
    customer.not_merged()
    customer.served()


def _entered(load: Load, command: AgreementCommand, last_day: date) -> Iterator[Decision]:
    """Keep with the dealer on which days the agreement holds."""
    first_day = load(Agreement, command.id).known().valid_from
    asked = AgreementEntered(command.id, first_day, last_day)
    for event in load(Partner, command.dealer).enter(asked):
        yield Partner.stream(command.dealer), event


def _check_named(load: Load, dealer: str, told: dict[str, Any]) -> None:
    """Refuse to agree on what is not there, is closed, or is another's."""
    for region in told.get("regions", ()):
        registers.listed(load, Region, region)
    for product in told.get("products", ()):
        registers.item(load, product)
    price_list, before = told.get("price_list"), told.get("renews")
    if price_list is not None:
        registers.there(load, PriceList.kind, price_list)
        owner = load(PriceList, price_list).current().customer
        if owner not in (None, dealer):
            raise PricesOfAnother(
                f"{price_list} has the prices of {owner}. Name a list for all, or of {dealer}.",
                f"{price_list} 是 {owner} 的价格表。请填写通用的或属于 {dealer} 的价格表。",
            )
    if before is not None:
        registers.found(load, Agreement, f"{dealer}:{before}")
