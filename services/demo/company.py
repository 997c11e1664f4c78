"""The company as it starts, and how its people, customers and prices change."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from aggregates.catalog.unit import Unit
from aggregates.organisation.built_in_roles import OWNER
from aggregates.organisation.department import Department
from aggregates.organisation.region import Region
from commands import Command
from commands.catalog.product import AddProduct, DiscontinueProduct, RepriceProduct
from commands.customers.customer import (
    AddContact,
    FreezeCustomer,
    ReassignCustomer,
    RegisterCustomer,
)
from commands.orders.order import DraftOrder
from commands.organisation.account import GrantRole, OpenAccount
from commands.organisation.rep import HireRep, MoveRep
from commands.plain import verbs
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import (
    COLLEAGUES,
    CURRENCY,
    DEALERS,
    DEPARTMENTS,
    GOODS,
    PEOPLE,
    REGION_NAMES,
    REGIONS,
    RETAILERS,
    UNITS,
    WAREHOUSES,
    Party,
)

SOURCES = ("exhibition", "referral", "visit", "website")
TITLES = ("Owner 老板", "Buyer 采购", "Shop manager 店长")
SUPPLIERS = {
    "Drinks": ("v-drinks", "清泉饮品厂 Qingquan Beverages"),
    "Snacks": ("v-snacks", "稻香坊食品厂 Daoxiangfang Foods"),
    "Household": ("v-household", "洁雅日化厂 Jieya Household"),
}


class Company:
    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books

    def plan(self) -> None:
        put, start = self.agenda.put, self.agenda.start
        put(start, self._found)
        for number, party in enumerate((*DEALERS, *RETAILERS)):
            put(start + timedelta(minutes=10 + number), partial(self._register, party))
        put(start + timedelta(hours=2), self._accounts)
        for part, change in ((3, self._reprice), (5, self._hand_over), (6, self._freeze)):
            put(start + timedelta(days=self.agenda.days * part // 7, hours=2), change)
        put(start + timedelta(days=self.agenda.days * 4 // 7, hours=3), self._discontinue)

    def _found(self, at: datetime) -> Iterator[Command]:
        yield ask(OpenAccount, at, id=OWNER)
        yield from self._structure(at)
        for person in PEOPLE:
            place = {"department": REGIONS[person.region], "region": person.region}
            yield ask(HireRep, at, id=person.id, name=person.name, title=person.title, **place)
        for name, (key, title) in SUPPLIERS.items():
            what = {"name": title, "customer_kind": "supplier", "owner": PEOPLE[0].id}
            yield ask(RegisterCustomer, at, id=key, **what, source=name.lower())
        for unit, name, base, factor in UNITS:
            yield ask(verbs(Unit).register, at, id=unit, name=name, base=base, factor=factor)
        for good in GOODS:
            self.books.goods.append(good)
            self.books.prices[good.id] = good.price
            yield ask(
                AddProduct,
                at,
                id=good.id,
                name=good.name,
                category=good.category,
                unit=good.unit,
                supplier=SUPPLIERS[good.category][0],
                list_price=good.price,
                cost=good.cost,
                currency=CURRENCY,
            )

    def _structure(self, at: datetime) -> Iterator[Command]:
        for kind, named in ((Department, DEPARTMENTS), (Region, REGION_NAMES)):
            register = verbs(kind).register
            for key, (name, above) in named.items():
                yield ask(register, at, id=key, name=name, parent=above)

    def _accounts(self, at: datetime) -> Iterator[Command]:
        """Everybody has an account of his own, and a dealer's user has one."""
        for person in PEOPLE:
            yield ask(OpenAccount, at, id=person.id, person=person.id)
            yield ask(GrantRole, at, id=person.id, role="representative", own="owner")
        for one in COLLEAGUES:
            place = {"department": one.department, "region": "China", "title": one.title}
            yield ask(HireRep, at, id=one.id, name=one.name, sells=False, **place)
            yield ask(OpenAccount, at, id=one.id, person=one.id)
            heads = one.role == "sales-manager"
            scope = {"departments": [one.department]} if heads else {"everything": True}
            yield ask(GrantRole, at, id=one.id, role=one.role, **scope)
        dealer = DEALERS[0].id
        yield ask(OpenAccount, at, id=f"{dealer}-user", dealer=dealer)
        yield ask(GrantRole, at, id=f"{dealer}-user", role="dealer", dealers=[dealer])

    def _register(self, party: Party, at: datetime) -> Iterator[Command]:
        dice = self.agenda.dice
        owner = dice.choice([each.id for each in PEOPLE if each.region == party.region])
        self.books.owners[party.id] = owner
        yield ask(
            RegisterCustomer,
            at,
            id=party.id,
            name=party.name,
            customer_kind=party.kind,
            owner=owner,
            city=party.city,
            country="CN",
            source=dice.choice(SOURCES),
        )
        name = f"{dice.choice('王李张刘周吴徐马朱胡郭何')}{dice.choice(('先生', '女士'))}"
        phone = f"100-0000-{dice.randrange(10_000):04d}"
        contact = {"contact": "main", "name": name, "title": dice.choice(TITLES), "phone": phone}
        yield ask(AddContact, at, id=party.id, **contact)

    def _reprice(self, at: datetime) -> Iterator[Command]:
        for good in self.agenda.dice.sample(self.books.goods, 6):
            price = good.price * self.agenda.dice.choice((97, 103, 105)) // 100
            self.books.prices[good.id] = price
            yield ask(RepriceProduct, at, id=good.id, list_price=price, cost=good.cost * 102 // 100)

    def _discontinue(self, at: datetime) -> Iterator[Command]:
        gone = self.books.goods.pop(self.agenda.dice.randrange(len(self.books.goods)))
        yield ask(DiscontinueProduct, at, id=gone.id, reason="Replaced by a larger pack")

    def _hand_over(self, at: datetime) -> Iterator[Command]:
        """A representative changes sides; his customers stay, with a colleague."""
        leaver, heir, region = PEOPLE[1], PEOPLE[0], "South-China"
        place = {"department": REGIONS[region], "region": region}
        yield ask(MoveRep, at, id=leaver.id, **place)
        for party in (*DEALERS, *RETAILERS):
            if self.books.owners[party.id] == leaver.id:
                self.books.owners[party.id] = heir.id
                why = {"owner": heir.id, "reason": "Lu Yiming moved to South China"}
                yield ask(ReassignCustomer, at, id=party.id, **why)

    def _freeze(self, at: datetime) -> Iterator[Command]:
        """A shop stops paying: its next order is refused."""
        party = self.agenda.dice.choice(RETAILERS)
        self.books.frozen.add(party.id)
        yield ask(FreezeCustomer, at, id=party.id, reason="Invoices are 60 days overdue")
        lines = [{"item": self.books.goods[0].id, "quantity": 5}]
        what = {"customer": party.id, "warehouse": WAREHOUSES[party.region], "lines": lines}
        yield ask(DraftOrder, at, id=self.books.next("SO"), **what)
