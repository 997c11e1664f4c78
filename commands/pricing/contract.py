"""What may be asked about contracts, from a quotation or a draft to the orders on them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from aggregates import Aggregate, ReferenceTaken, refuse_unequal
from aggregates.calendar import business_day
from aggregates.catalog.product import Product
from aggregates.customers.customer import Customer
from aggregates.line_pricing import PricedLine
from aggregates.orders.lines import OrderLine, PartsSaid, Said, other_lines, part_of
from aggregates.orders.order import OrderDrafted, SalesOrder, refuse_others
from aggregates.packs import PricedPacks
from aggregates.pricing.contract import UNSIGNED, Agreed, Contract
from aggregates.pricing.contract.events import (
    ContractDrafted,
    ContractEvent,
    ContractLine,
    ContractOrdered,
    DrawnLine,
)
from aggregates.pricing.numbers import ContractNumbers
from aggregates.pricing.quotation import Quotation
from aggregates.pricing.quotation_terms import QuotationTerms
from commands import Command, Currency, Day, Decision, Id, Load, Text, registers
from commands.approvals.asking import must_be_approved, needed, voided
from commands.business import (
    Attribution,
    business,
    carried_on,
    documented,
    not_lost,
    paying,
    served,
)
from commands.change import Change, Kept
from commands.fields import LongText
from commands.numbers import Numbered
from commands.orders.order import Lines
from commands.orders.parts import Parts, parts_said
from commands.prices import price_lines, refuse_below_floor
from commands.pricing.quotation import (
    REVISION,
    Number,
    asked_anew,
    order_number,
    ordered,
    refuse_taken,
)
from commands.settings import in_force

FROM = "The first day on which it may be ordered on: today, unless told."
UNTIL = "The last day on which it may be ordered on."


class MakeContract(Command, of=Quotation, when=lambda one: one.status == "accepted"):
    """Make a contract of an accepted quotation, once: customer, lines, prices, why they are so and
    terms are taken over. Only its days are said.

    Asked once more, it changes nothing; after the contract was cancelled it makes another.
    """

    makes = frozenset({"contract"})

    revision: Number = REVISION
    valid_from: Day | None = Field(None, description=FROM)
    valid_until: Day = Field(description=UNTIL)
    contract: Id | None = Field(
        None, description="The contract's id: the next number, unless told."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Quotation = load(Quotation, self.id)
        first = state.known()
        state.newest(self.revision)
        before = None if state.contract is None else load(Contract, state.contract)
        if before is not None and before.status != "cancelled":
            self._again(state.contract or "", before.known())
            return
        asked, again = self.contract or "", before is not None
        for event in state.become_contract(self.revision, asked, again=again):
            contract = self.contract
            if contract is None:
                contract, drawn = self._number(load, at, state)
                yield drawn
            self._free(load, contract)
            served(load, first.customer)
            yield self.stream, replace(event, contract=contract)
            yield Contract.stream(contract), self._made(load, at, state)

    def _number(self, load: Load, at: datetime, state: Quotation) -> tuple[str, Decision]:
        """The next number of contracts, drawn as if it had been drafted by itself."""
        first = state.known()
        who = first.rep, first.department, first.region
        draft = DraftContract(
            customer=paying(load, first.customer),
            rep=carried_on(load, first.customer, who)[0],
            warehouse=first.warehouse,
            lines=asked_anew(state.current.lines),
            valid_until=self.valid_until,
        )
        numbered, drawn = draft.numbered(load, at)
        return numbered.id, drawn

    def _free(self, load: Load, contract: str) -> None:
        if load(Contract, contract).drafted is not None:
            raise ReferenceTaken(
                f"There is a contract {contract} already. Give another id, or none.",
                f"已有合同 {contract}。请换一个编号，或不填。",
            )

    def _made(self, load: Load, at: datetime, state: Quotation) -> ContractDrafted:
        first = state.known()
        said = Agreed(
            _agreed(state.current.lines),
            self.valid_from or business_day(at),
            self.valid_until,
            state.current.note,
        )
        said.may_be(business_day(at))
        whose = first.customer, first.customer_kind, first.warehouse, first.currency
        who = carried_on(load, first.customer, (first.rep, first.department, first.region))
        of = first.opportunity, self.id, state.revision
        return _written(load, at, whose, said, who, *of)

    def _again(self, contract: str, before: ContractDrafted) -> None:
        """Refuse another contract of the same quotation."""
        told = {"valid_until": self.valid_until, "valid_from": self.valid_from}
        refuse_others(before, {name: one for name, one in told.items() if one is not None})
        if self.contract is not None:
            refuse_unequal(("contract", contract, self.contract))


class DraftContract(Numbered, of=Contract):
    """Draft a contract with a customer: what may be ordered, at which prices, and when."""

    numbers = ContractNumbers

    customer: Id
    warehouse: Id = Field(description="From where it is shipped.")
    lines: Lines
    valid_from: Day | None = Field(None, description=FROM)
    valid_until: Day = Field(description=UNTIL)
    currency: Currency | None = Field(None, description="That of the first product, unless told.")
    rep: Id | None = Field(None, description="The customer's owner, unless told otherwise.")
    opportunity: Id | None = None
    note: LongText | None = None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Contract, self.id
        yield Customer, self.customer
        for line in self.lines:
            yield Product, line.item

    def apart(self, load: Load, _: str) -> str:
        return business(load, self.customer, self.rep)[1][1]

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: ContractDrafted | None = load.event(Contract, self.id, "drafted")
        if before is not None:
            refuse_others(before, self._told(), other_lines(ordered(before.lines), self._said()))
            return
        customer, who = business(load, self.customer, self.rep)
        registers.holder_at(load, self.warehouse)
        not_lost(load, self.opportunity, self.customer)
        lines, currency = price_lines(load, self.lines, self.customer, at, self.currency)
        valid_from = self.valid_from or business_day(at)
        said = Agreed(_agreed(lines), valid_from, self.valid_until, self.note)
        said.may_be(business_day(at))
        whose = self.customer, customer.customer_kind, self.warehouse, currency
        yield self.stream, _written(load, at, whose, said, who, self.opportunity)
        yield from documented(load, self.opportunity, contract=self.id)

    def _said(self) -> tuple[Said, ...]:
        return tuple(line.said() for line in self.lines)

    def _told(self) -> dict[str, object]:
        open_ones = {name: getattr(self, name) for name in ("rep", "currency", "valid_from")}
        told = {name: value for name, value in open_ones.items() if value is not None}
        names = "customer", "warehouse", "valid_until", "opportunity", "note"
        return {name: getattr(self, name) for name in names} | told


class ReviseContract(Change, of=Contract, when=lambda one: one.status in UNSIGNED):
    """Agree on something else before it is signed; lines that are given are priced as of now."""

    lines: Kept[Lines] = None
    valid_from: Kept[Day] = Field(None, description=FROM)
    valid_until: Kept[Day] = Field(None, description=UNTIL)
    note: LongText | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Contract = load(Contract, self.id)
        first, lines = state.known(), state.agreed.lines
        if self.lines is not None and self._others(lines):
            priced, _ = price_lines(load, self.lines, first.customer, at, first.currency)
            lines = _agreed(priced)
        told = self.told("valid_from", "valid_until", "note")
        content = state.agreed._replace(lines=lines, **told)
        for event in state.revise(content, business_day(at)):
            served(load, first.customer)
            yield self.stream, event
            if state.status == "submitted":
                yield from voided(load, state.needs, "changed")

    def _others(self, lines: Sequence[ContractLine]) -> bool:
        asked = tuple(line.said() for line in self.lines or ())
        return any(other_lines(ordered(lines), asked))


class SubmitContract(Command, of=Contract, when=lambda one: one.status == "draft"):
    """Have a contract reviewed by whom the company's routes name; then it may be signed."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Contract = load(Contract, self.id)
        asked = needed(load, Contract.kind, self.id, at) if state.status == "draft" else None
        if asked is None and state.status == "draft" and state.known().quotation is None:
            refuse_below_floor(load, ordered(state.agreed.lines), at)
        for event in state.submit(asked and asked.id):
            served(load, state.known().customer)
            yield self.stream, event
            yield from asked.decisions(at) if asked else ()


class SignContract(Command, of=Contract, when=lambda one: one.status == "submitted"):
    """Record that both sides have signed a contract, after all who review it; the paper may hang on
    it as a file. From then on it is as it is.
    """

    reference: Text | None = Field(None, description="The customer's own, such as a number.")

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Contract = load(Contract, self.id)
        for event in state.sign(self.reference, at):
            must_be_approved(load, state.needs, state.agreed.content)
            served(load, state.known().customer)
            yield self.stream, event


def _orderable(state: Contract) -> bool:
    return state.status == "signed" and any(state.left.values())


class OrderContract(Command, of=Contract, when=_orderable):
    """Make an order on a contract: customer, prices and terms are those of the contract, and in all
    no more is ordered than it says. What is cancelled of such an order can be ordered again.
    """

    makes = frozenset({"order"})

    order: Id | None = Field(None, description="The order's id: the next number, unless told.")
    lines: Parts | None = Field(
        None, description="So many of the lines of the contract: all that is left, unless told."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Contract = load(Contract, self.id)
        first = state.known()
        before = load.event(Contract, self.id, ContractOrdered.under(self.order or ""))
        if before is not None:
            self._again(load, state, before)
            return
        parts = self._parts(load, state)
        for event in state.draw(self.order or "", parts, at):
            order, made = self.order, _made(state, parts)
            who = carried_on(load, first.customer, (first.rep, first.department, first.region))
            if order is None:
                whose = first.customer, who[0], first.warehouse
                order, drawn = order_number(load, at, *whose, made)
                yield drawn
            refuse_taken(load, order)
            served(load, first.customer)
            not_lost(load, first.opportunity, first.customer)
            yield self.stream, replace(event, order=order)
            first_of = first.customer, first.customer_kind, first.warehouse, first.currency
            drafted = OrderDrafted(*first_of, made, *who, first.opportunity, contract=self.id)
            yield SalesOrder.stream(order), drafted
            yield from documented(load, first.opportunity, order=order)

    def _parts(self, load: Load, state: Contract) -> tuple[DrawnLine, ...]:
        if self.lines is None:
            return tuple(DrawnLine(*each) for each in state.left.items() if each[1] > 0)
        said = parts_said(load, state.agreed, self.lines)
        return tuple(DrawnLine(*one, said.packs.get(one[0])) for one in said.quantities.items())

    def _again(self, load: Load, state: Contract, before: ContractOrdered) -> None:
        """Refuse other lines of the same order; those that are not said are as they were."""
        if self.lines is not None:
            asked = parts_said(load, state.agreed, self.lines, before.lines)
            refuse_unequal(*PartsSaid.of(before.lines).others(asked))


class CancelContract(Command, of=Contract, when=lambda one: one.status in UNSIGNED):
    """Give up a contract that is not signed, and say why."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Contract = load(Contract, self.id)
        for event in state.cancel(self.reason):
            yield self.stream, event
            if state.status == "submitted":
                yield from voided(load, state.needs, "cancelled")


class TerminateContract(Command, of=Contract, when=lambda one: one.status == "signed"):
    """End a contract before its last day, and say why; orders on it go on."""

    reason: Text

    def decide(self, state: Contract, at: datetime) -> Iterator[ContractEvent]:
        return state.terminate(self.reason)


class EndContract(Command):
    """Say that nothing can be ordered on a contract any longer.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Contract

    def decide(self, state: Contract, at: datetime) -> Iterator[ContractEvent]:
        return state.end(at)


def _written(
    load: Load,
    at: datetime,
    whose: tuple[str, str, str, str],
    said: Agreed,
    who: Attribution,
    opportunity: str | None,
    quotation: str | None = None,
    revision: int | None = None,
) -> ContractDrafted:
    """A contract with the terms that are in force."""
    days = said.valid_from, said.valid_until
    terms = in_force(load, QuotationTerms, at).settings.terms
    first = *whose, said.lines, *days, *who
    return ContractDrafted(*first, opportunity, quotation, revision, terms, said.note)


def _made(state: Contract, parts: Sequence[DrawnLine]) -> tuple[OrderLine, ...]:
    """The lines of an order, each of which is a part of one of the contract's."""
    agreed, done = ordered(state.agreed.lines), state.ordered
    made = []
    for number, one in enumerate(parts, 1):
        line = part_of(agreed[one.line - 1], done[one.line], one.quantity, number)
        made.append(replace(line, packed=PricedPacks(**vars(one.packed))) if one.packed else line)
    return tuple(made)


def _agreed(lines: Sequence[PricedLine]) -> tuple[ContractLine, ...]:
    return tuple(ContractLine(**vars(line)) for line in lines)
