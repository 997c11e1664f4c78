"""Leads of the last day: found on the way, qualified, put off or given up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from commands import Command
from commands.leads.lead import CaptureLead, DisqualifyLead, NurtureLead, QualifyLead
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books
from services.demo.catalogue import PEOPLE

PLACES = ("South-China", "North-China")
FOUND: tuple[dict[str, object], ...] = (
    {
        "title": "Gift boxes for Mid-Autumn 中秋礼盒",
        "source": "exhibition",
        "campaign": "Spring food fair 春季糖酒会",
        "company": "粤香楼餐饮管理有限公司",
        "need": "400 boxes by September 九月前需要 400 盒",
        "region": PLACES[0],
        "amount": 9_600_000,
    },
    {
        "title": "Drinks for a chain of gyms 健身房饮料",
        "source": "website",
        "company": "动力工场健身连锁",
        "need": "Twelve gyms, weekly delivery 十二家门店，每周配送",
        "region": PLACES[1],
        "amount": 4_200_000,
    },
    {
        "title": "Shelves in a new supermarket 新超市上架",
        "source": "referral",
        "company": "惠民生活超市",
        "region": PLACES[1],
        "amount": 2_500_000,
    },
    {
        "title": "Snacks for vending machines 自动售货机零食",
        "source": "call",
        "company": "小柜科技有限公司",
        "region": PLACES[0],
        "amount": 800_000,
    },
)
DAY = timedelta(days=1)


class DemoLeads:
    """All of it is asked for on the last day; what is put off comes back long after it."""

    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books

    def plan(self) -> None:
        start = self.agenda.end - DAY / 3
        for number, found in enumerate(FOUND):
            at = start + timedelta(minutes=10 * number)
            self.agenda.put(at, partial(self._found, number, found))

    def _found(self, number: int, told: dict[str, object], at: datetime) -> Iterator[Command]:
        lead = self.books.next("LD")
        sellers = [one.id for one in PEOPLE if one.region == told["region"]]
        owner = sellers[number % len(sellers)]
        person = {"contact_name": "何经理", "phone": f"100-0000-90{number:02d}", "currency": "CNY"}
        yield ask(CaptureLead, at, id=lead, owner=owner, **told, **person)
        if number == 0:
            yield ask(QualifyLead, at, id=lead, comment="The buyer decides himself 采购可自行决定")
        elif number == 1:
            until = (at + 120 * DAY).date()
            yield ask(NurtureLead, at, id=lead, until=until, reason="They build 门店装修中")
        elif number == 2:
            yield ask(DisqualifyLead, at, id=lead, reason="competitor", detail="签了两年合同")
