"""What the lines of a document cost, by price lists and discount rules as they are on its day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple, Protocol

from aggregates import Refused
from aggregates.calendar import business_day
from aggregates.catalog.category import Category
from aggregates.catalog.product import Product
from aggregates.catalog.product_line import ProductLine
from aggregates.customers.customer import Customer
from aggregates.line_pricing import ExactAmount, LinePricing
from aggregates.operations.register import Register
from aggregates.orders.lines import OrderLine, priced, summed_up
from aggregates.packs import PricedPacks
from aggregates.plain import Plain
from aggregates.pricing.discount_rule import DiscountRule
from aggregates.pricing.discounting import (
    Discounted,
    DiscountedLine,
    OfferedRule,
    discount,
)
from aggregates.pricing.floors import FloorSettings, below_floor
from aggregates.pricing.list_price import ListPrice
from aggregates.pricing.price_choice import OfferedPrice, PriceChoice, Wanted, choose_price
from aggregates.pricing.price_list import PriceList
from aggregates.pricing.terms import Buyer, PriceListDetails
from commands import Load, registers
from commands.approvals.identities import ROLE, identities, of
from commands.authorisation import rights_now
from commands.packs import meant
from commands.plain import upwards
from commands.settings import in_force


class MixedCurrencies(Refused):
    """A document has one currency."""


class BelowFloor(Refused):
    """What is sold below its floor is sold by whoever may, or after an approval."""


class RequestedLine(Protocol):
    """What is wanted, and its price, by the unit that is named; a price that is not given is that
    of the lists and rules.
    """

    @property
    def item(self) -> str: ...

    @property
    def quantity(self) -> int: ...

    @property
    def unit(self) -> str | None: ...

    @property
    def unit_price(self) -> int | None: ...

    @property
    def discount_bp(self) -> int: ...


class LineMeant(NamedTuple):
    """A line in the product's own unit. A price that was given of a pack is `unit_price` of it."""

    item: str
    quantity: int
    unit_price: int | None
    discount_bp: int
    packed: PricedPacks | None = None

    @property
    def given(self) -> ExactAmount | None:
        """What was said of the price of them all."""
        if self.packed is not None and self.packed.unit_price is not None:
            return ExactAmount(self.packed.unit_price * self.packed.quantity)
        return None if self.unit_price is None else ExactAmount(self.unit_price * self.quantity)


class ListOffered(NamedTuple):
    price_list: str
    version: int
    details: PriceListDetails
    closed: bool


class CompanyPrices(NamedTuple):
    """All price lists and discount rules, as they are now."""

    lists: tuple[ListOffered, ...]
    rules: tuple[OfferedRule, ...]

    def of(self, buyer: Buyer) -> "CompanyPrices":
        """Those that are for a customer: so the others are looked at once, not for each line."""
        return CompanyPrices(buyer.ranked(self.lists), buyer.ranked(self.rules))


class PricingTerms(NamedTuple):
    """By what the lines of one document are priced: lists and rules as its customer ranks them."""

    prices: CompanyPrices
    day: date
    currency: str
    min_margin_bp: int | None = None


class LineBefore(NamedTuple):
    """A line with what its product costs by the lists, before anything is taken off; `above` are
    its product's category and all that lie above that.
    """

    line: LineMeant
    product: Product
    above: Sequence[str]
    choice: PriceChoice
    list_price: int

    @property
    def unit_price(self) -> int:
        given = self.line.unit_price
        return self.list_price if given is None else given


def company_prices(load: Load) -> CompanyPrices:
    """The lists and rules of the company, found once for many documents."""
    return load.remember("prices", _company_prices)


def price_lines(
    load: Load,
    lines: Sequence[RequestedLine],
    customer: str,
    at: datetime,
    currency: str | None = None,
) -> tuple[tuple[OrderLine, ...], str]:
    """Lines with price and cost as they are at an instant, all in one currency: that of the first
    product, unless told otherwise.
    """
    every, floors = company_prices(load), in_force(load, FloorSettings, at).settings
    day = business_day(at)
    load.prefetch(Product, (line.item for line in lines))
    products = [_sold(load, line.item, day) for line in lines]
    wanted = [_meant(load, line) for line in lines]
    code = currency or (products[0].currency if products else "")
    if not (every.lists or every.rules or floors.min_margin_bp is not None):
        pairs = enumerate(zip(wanted, products, strict=True), 1)
        plain = (_plainly(number, line, product, code) for number, (line, product) in pairs)
        return summed_up(plain), code
    buyer = buyer_of(load, customer)
    terms = PricingTerms(every.of(buyer), day, code, floors.min_margin_bp)
    found = list(_listed(load, terms, wanted, products))
    document = sum(one.list_price * one.line.quantity for one in found)
    made = (_line(terms, number, one, document) for number, one in enumerate(found, 1))
    return summed_up(made), code


def refuse_below_floor(load: Load, lines: Iterable[OrderLine], at: datetime) -> None:
    """Refuse to go on with lines below their floor, unless whoever asks may sell so."""
    low = [line for line in lines if line.below_floor]
    if not low or rights_now(load, load.actor) is None:
        return
    roles = in_force(load, FloorSettings, at).settings.roles
    if {of(ROLE, one) for one in roles} & {*identities(load, load.actor)}:
        return
    numbers = ", ".join(str(line.line) for line in low)
    amounts = ", ".join(str(line.amount) for line in low)
    raise BelowFloor(
        f"Below the lowest allowed price: line {numbers}, amounting to {amounts}. Raise the"
        f" price, have it done by one of {', '.join(roles)}, or have an approval route for"
        " below_floor.",
        f"低于最低允许价格：第 {numbers} 行，金额 {amounts}。请提高价格，由 {'、'.join(roles)} "
        "之一办理，或为 below_floor 设置审批路线。",
    )


def buyer_of(load: Load, customer: str) -> Buyer:
    state: Customer = load(Customer, customer)
    return Buyer(customer, state.customer_kind, state.importance, state.region)


def _listed(
    load: Load, terms: PricingTerms, lines: Sequence[LineMeant], products: Sequence[Product]
) -> Iterator[LineBefore]:
    """The price of one unit by the lists, or the product's own; refused where there is none."""
    mine, above = terms.prices.lists, dict[str, Sequence[str]]()
    load.prefetch(
        ListPrice, (ListPrice.id_of(one.price_list, line.item) for line in lines for one in mine)
    )
    for line, product in zip(lines, products, strict=True):
        if product.category not in above:
            above[product.category] = (*upwards(load, Category, "parent", product.category),)
        wanted = Wanted(line.item, line.quantity, product.unit, terms.currency)
        choice = choose_price(_offers(load, terms, line.item), wanted, terms.day)
        if choice.reached is None and product.currency != terms.currency:
            raise _not_sold_in(line.item, terms.currency)
        price = product.list_price if choice.reached is None else choice.reached.unit_price
        yield LineBefore(line, product, above[product.category], choice, price)


def _offers(load: Load, terms: PricingTerms, product: str) -> Iterator[OfferedPrice]:
    for one in terms.prices.lists:
        price: ListPrice = load(ListPrice, ListPrice.id_of(one.price_list, product))
        yield OfferedPrice(*one, price.on(terms.day))


def _line(terms: PricingTerms, number: int, before: LineBefore, document: int) -> OrderLine:
    """A line with everything taken off; a price that a person gave is touched by no rule."""
    line, product, each = before.line, before.product, before.unit_price
    left = Discounted(line.given or ExactAmount(each * line.quantity), ())
    if line.unit_price is None:
        what = line.item, before.above, line.quantity, each, terms.currency, document
        left = discount(terms.prices.rules, DiscountedLine(*what), terms.day)
    asked = number, line.item, line.quantity, each, line.discount_bp, product.cost
    reasons = partial(_reasons, terms, before, left)
    return priced(*asked, left.amount, reasons, line.packed)


def _reasons(
    terms: PricingTerms, before: LineBefore, left: Discounted, amount: int, cost: int | None
) -> LinePricing:
    choice, price = before.choice, before.choice.price
    floor = price.floor if price else None
    return LinePricing(
        before.list_price,
        terms.currency,
        choice.offered.price_list if choice.offered else None,
        choice.offered.version if choice.offered else None,
        price.number if price else None,
        choice.reached.quantity if choice.reached else None,
        choice.considered,
        left.considered,
        left.taken_off,
        floor,
        below_floor(amount, before.line.quantity, cost, floor, terms.min_margin_bp),
    )


def _plainly(number: int, line: LineMeant, product: Product, currency: str) -> OrderLine:
    """A line of a company without lists and rules."""
    if product.currency != currency:
        raise _not_sold_in(line.item, currency)
    each = product.list_price if line.unit_price is None else line.unit_price
    asked = number, line.item, line.quantity, each, line.discount_bp, product.cost
    return priced(*asked, line.given, packed=line.packed)


def _meant(load: Load, line: RequestedLine) -> LineMeant:
    price = line.unit_price
    if line.unit is None:
        return LineMeant(line.item, line.quantity, price, line.discount_bp)
    quantity, packed = meant(load, line.item, line.unit, line.quantity)
    if packed is None:
        return LineMeant(line.item, quantity, price, line.discount_bp)
    each = price and ExactAmount(price, packed.factor).rounded
    packs = PricedPacks(packed.unit, packed.quantity, packed.factor, price)
    return LineMeant(line.item, quantity, each, line.discount_bp, packs)


def _sold(load: Load, item: str, day: date) -> Product:
    """A product that is sold on that day, in its own season and in that of its line."""
    product: Product = registers.found(load, Product, item)
    product.sold()
    product.on_sale(product.archive, day)
    if (line := product.archive.product_line) is not None:
        state: ProductLine = load(ProductLine, line)
        if state.now is not None:
            product.on_sale(state.now, day)
    return product


def _not_sold_in(item: str, currency: str) -> MixedCurrencies:
    return MixedCurrencies(
        f"{item} is not sold in {currency}. Order it apart, or set a price in a list of that"
        " currency.",
        f"{item} 不以 {currency} 销售。请另下订单，或在该货币的价格表中设置价格。",
    )


def _company_prices(load: Load) -> CompanyPrices:
    lists = (ListOffered(*each) for each in _registered(load, PriceList))
    rules = (OfferedRule(*each) for each in _registered(load, DiscountRule))
    return CompanyPrices(tuple(lists), tuple(rules))


def _registered(load: Load, kind: type[Plain[Any]]) -> Iterator[tuple[str, int, Any, bool]]:
    """Id, version, details, and whether it is closed, of all things of a plain kind."""
    register: Register = load(Register, kind.plural)
    load.prefetch(kind, register.ids.values())
    for name in register.ids.values():
        state: Plain[Any] = load(kind, name)
        if state.now is not None:
            yield name, load.version(kind, name), state.now, state.closed is not None
